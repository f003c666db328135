import { tags } from '../../../nodes/Calltouch/values/tags';
import {
	leavesOutBlanks,
	messageOf,
	refuses,
	sends,
	type Convert,
} from '../../support/conversions';

describe('Tags', () => {
	leavesOutBlanks(tags);
	sends(tags, [
		['mytag1,mytag2,mytag3', 'mytag1,mytag2,mytag3'],
		[' a , , b,a ', 'a,b'],
		[['vip', ' повторный клиент ', '', null, 'vip'], 'vip,повторный клиент'],
		[[1, true], '1,true'],
		[',,', undefined],
		[[], undefined],
		[42, '42'],
		['["vip","repeat"]', 'vip,repeat'],
		['[]', undefined],
		['[vip]', '[vip]'],
		['[2024]', '[2024]'],
		['[12,15]', '12,15'],
	]);
	refuses(tags, [['a,b'], '["a,b"]', '{"tags":"a"}', [{ tag: 'a' }], [['a']], { tags: 'a' }]);
});

describe('Message for invalid tags', () => {
	it.each<[string, Convert, unknown, string]>([
		['a comma in a tag', tags, ['a,b'], 'has an entry that contains a comma: "a,b" |'],
	])('reports %s', (_what, convert, value, said) => {
		expect(messageOf(convert, value)).toContain(said);
	});
});
