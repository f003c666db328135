import { formFields } from '../../../nodes/Calltouch/values/formFields';
import { messageOf, rejects, sends } from '../../support/conversions';

const rows = (...all: Array<[name: unknown, value: unknown]>) => ({
	field: all.map(([name, value]) => ({ name, value })),
});
const many = (count: number, value: unknown = 'x') =>
	rows(...Array.from({ length: count }, (_, index): [string, unknown] => [`n${index}`, value]));

describe('As a list of form fields,', () => {
	sends(formFields, [
		[undefined, []],
		[{}, []],
		[rows([' City ', ' Казань ']), [{ name: 'City', value: 'Казань' }]],
		[rows(['list[0]', 5]), [{ name: 'list[0]', value: '5' }]],
		[rows(['agreed', false]), [{ name: 'agreed', value: 'false' }]],
		[rows(['empty', ' '], ['missing', undefined]), []],
	]);
	rejects(formFields, [
		rows([' ', 'x']),
		rows(['a', 'x'], ['a', 'y']),
		rows(['a', { b: 1 }]),
		rows(['a', 'undefined']),
		'City',
		many(6),
	]);

	it('the value can contain at most five fields, not counting empty ones', () => {
		expect(messageOf(formFields, many(6))).toContain('has 6 fields');
		expect(messageOf(formFields, many(5))).toBe('accepted');
		expect(messageOf(formFields, many(9, ''))).toBe('accepted');
	});
});
