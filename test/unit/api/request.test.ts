import {
	customName,
	customParameter,
	valueOf,
	withoutUndefined,
} from '../../../nodes/Calltouch/api/request';

it('A parameter without a value is left out, and a parameter with an empty value is kept', () => {
	expect(
		withoutUndefined([
			['status', undefined],
			['comment', ''],
			['orderNumber', 'N-1'],
		]),
	).toEqual([
		['comment', ''],
		['orderNumber', 'N-1'],
	]);
});

it('A parameter that is sent has a value, and a parameter that is not sent has none', () => {
	expect(valueOf([['orderNumber', 'N-1']], 'orderNumber')).toBe('N-1');
	expect(valueOf([['orderNumber', 'N-1']], 'status')).toBeUndefined();
});

it("The parameter of a custom field has the field's name in brackets", () => {
	expect(customParameter('Manager', 'Anna')).toEqual(['custom[Manager]', 'Anna']);
	expect(customParameter('Manager', undefined)).toEqual(['custom[Manager]', undefined]);
	expect(customName('custom[Manager]')).toBe('Manager');
	expect(customName('manager')).toBeUndefined();
});
