import { customFieldNames, customFields } from '../../../nodes/Calltouch/values/customFields';
import { explains, rejects, sends } from '../../support/conversions';

describe('As a list of custom fields,', () => {
	const row = (name: unknown, value: unknown) => ({ field: [{ name, value }] });
	sends(customFields, [
		[undefined, []],
		[{}, []],
		[row(' city ', ' Москва '), [{ name: 'city', value: 'Москва' }]],
		[row('count', 0), [{ name: 'count', value: '0' }]],
		[row('ok', false), [{ name: 'ok', value: 'false' }]],
		[row('ok', ' false\u200B'), [{ name: 'ok', value: 'false' }]],
		[row('empty', ''), [{ name: 'empty', value: undefined }]],
		[row('__proto__', 'x'), [{ name: '__proto__', value: 'x' }]],
		[row('constructor', 'x'), [{ name: 'constructor', value: 'x' }]],
		[row(7, 'x'), [{ name: '7', value: 'x' }]],
	]);
	rejects(customFields, [
		row('', 'x'),
		row(undefined, 'x'),
		row('a[b', 'x'),
		row('custom[a]', 'x'),
		row('a', { b: 1 }),
		row('a', ['b']),
		row('a', '["b"]'),
		{
			field: [
				{ name: 'a', value: 1 },
				{ name: ' a ', value: 2 },
			],
		},
		{ field: 'a' },
		'a=b',
	]);
	explains(customFields, [
		['x', 'is not a list of names and values |'],
		[{ field: [null] }, 'is not a list of names and values |'],
		[{ field: ['x'] }, 'is not a list of names and values |'],
		[{ field: [{ value: 1 }] }, 'has a row without a name |'],
		[{ field: [{ name: [] }] }, "'The Field: Name' is neither text nor a number"],
		[{ field: [{ name: 'a[' }] }, 'with a square bracket: "a[" |'],
		[row(' city ', {}), "'The Field: city' is neither text nor a number"],
	]);
});

describe('As a list of custom fields to clear,', () => {
	sends(customFieldNames, [
		[undefined, []],
		['', []],
		['city, delivery,', ['city', 'delivery']],
		[
			['city', 'a b'],
			['city', 'a b'],
		],
		['["city","a b"]', ['city', 'a b']],
	]);
	rejects(customFieldNames, [
		'a,a',
		['a', 'a'],
		['a', ''],
		['a', null],
		'["a",""]',
		'custom[a]',
		['a,b'],
		{ a: 1 },
	]);
	explains(customFieldNames, [['a,a', 'contains the same field twice: "a" | Keep only one']]);
});
