import { tagList, tags } from '../../../nodes/Calltouch/values/tags';
import {
	explains,
	leavesOutBlanks,
	messageOf,
	rejects,
	sends,
	type Convert,
} from '../../support/conversions';

describe('As tags,', () => {
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
	rejects(tags, [['a,b'], '["a,b"]', '{"tags":"a"}', [{ tag: 'a' }], [['a']], { tags: 'a' }]);
	explains(tags, [[['a,b'], 'has an entry that contains a comma: "a,b" |']]);
});

describe('As a list of tags,', () => {
	sends(tagList, [
		[undefined, []],
		[' a , , b,a ', ['a', 'b']],
		[
			['vip', 7, null],
			['vip', '7'],
		],
	]);

	it('the value is rejected if it has more distinct tags than Calltouch accepts', () => {
		const most: Convert = (field) => tagList(field, 2);
		expect(messageOf(most, 'a,b,c')).toContain('contains 3 tags');
		expect(messageOf(most, 'a,b,a,')).toBe('accepted');
	});
});
