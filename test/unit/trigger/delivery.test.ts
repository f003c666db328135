import type { IDataObject } from 'n8n-workflow';

import {
	parameterTexts,
	parameterText,
	isIdentifying,
	isUnfilled,
	parametersOf,
	type HttpDelivery,
} from '../../../nodes/Calltouch/trigger/delivery';

const delivered = (delivery: Partial<HttpDelivery>) =>
	parametersOf({ query: {}, body: undefined, rawBody: undefined, isMultipart: false, ...delivery });

describe('The parameters of a webhook', () => {
	it('come from the query and the body, and the body takes precedence', () => {
		const parameters = delivered({ query: { a: '1', b: '1' }, body: { b: '2', c: '2' } });
		expect(parameters).toEqual({ a: '1', b: '2', c: '2' });
	});

	it('include the fields of a multipart body', () => {
		const body = { data: { id: '7' }, files: {} };
		expect(delivered({ body, isMultipart: true })).toEqual({ id: '7' });
		expect(delivered({ body: 'x', isMultipart: true })).toEqual({});
		expect(delivered({ body, isMultipart: false })).toEqual(body);
	});

	it.each(['{"id":12345678901234567890}', ' \n{"id": 12345678901234567890}'])(
		'keep all digits of a number in the JSON %j',
		(text) => {
			const body = JSON.parse(text) as object;
			const parameters = delivered({ body, rawBody: Buffer.from(text) });
			expect(String(parameters.id)).toBe('12345678901234567890');
		},
	);

	it('are read from JSON without a content type', () => {
		expect(delivered({ body: '{"id":"7"}' })).toEqual({ id: '7' });
		expect(delivered({ rawBody: Buffer.from('{"id":"7"}') })).toEqual({ id: '7' });
	});

	it('are read from a form without a content type', () => {
		expect(delivered({ body: 'id=7&utm_source=a%20b' })).toEqual({ id: '7', utm_source: 'a b' });
		expect(delivered({ body: 'custom[a]=1' })).toEqual({ 'custom[a]': '1' });
		expect(delivered({ body: 'custom%5Ba%5D=1&id=7' })).toEqual({ 'custom[a]': '1', id: '7' });
		expect(delivered({ body: 'имя=1&id=7' })).toEqual({ имя: '1', id: '7' });
		expect(delivered({ body: '&id=7&' })).toEqual({ id: '7' });
	});

	it('contain a list if a form without a content type repeats a field', () => {
		expect(delivered({ body: 'id=7&a=1&id=8' })).toEqual({ id: ['7', '8'], a: '1' });
	});

	it.each(['\uFEFF', ' ', '\r\n', '\uFEFF\n'])(
		'are the same if %j precedes a form or JSON without a content type',
		(before) => {
			for (const text of ['id=7&a=1', '{"id":"7","a":"1"}']) {
				const parameters = { id: '7', a: '1' };
				expect(delivered({ body: before + text })).toEqual(parameters);
				expect(delivered({ rawBody: Buffer.from(before + text) })).toEqual(parameters);
			}
		},
	);

	it('keep all digits of a number in JSON with a byte order mark', () => {
		const text = '{"id":12345678901234567890}';
		const rawBody = Buffer.from(`\uFEFF${text}`);
		expect(delivered({ body: JSON.parse(text), rawBody })).toEqual({ id: '12345678901234567890' });
	});

	it('are the ones that n8n parsed if the raw body is a form', () => {
		const parameters = delivered({ body: { id: '7' }, rawBody: Buffer.from('id=8') });
		expect(parameters).toEqual({ id: '7' });
	});

	it.each<[string, unknown, unknown]>([
		['a list', [1], [1]],
		['a list as text', '[1]', [1]],
		['a sentence', 'no form at all', 'no form at all'],
		['a sentence with an equals sign', 'a b=c', 'a b=c'],
		['broken JSON', '{"id"', '{"id"'],
	])(
		'contain a body that is neither a form nor an object under the key body: %s',
		(_, body, expected) => {
			expect(delivered({ body })).toEqual({ body: expected });
		},
	);

	it.each([undefined, null, '', '  '])('are empty if the body is %j', (body) => {
		expect(delivered({ body })).toEqual({});
	});

	it('never contain __proto__', () => {
		const text = '{"__proto__":{"a":1},"id":"7"}';
		const parameters = delivered({ body: text, query: JSON.parse(text) });
		expect(Object.getOwnPropertyNames(parameters)).toEqual(['id']);
	});
});

describe('A parameter', () => {
	it.each([
		undefined,
		null,
		...['', '  ', 'null', ' null ', 'undefined', '{}', '<не указано>'],
		{},
		[],
		['', 'null', {}],
		['a', 'b'],
		'{source}',
	])('with the value %j is treated as empty', (value) => {
		expect(parameterText({ source: value }, 'source')).toBeNull();
	});

	it('that is missing is treated as empty', () => {
		expect(parameterText({}, 'source')).toBeNull();
	});

	it.each<[unknown, string]>([
		[' a ', 'a'],
		[0, '0'],
		[false, 'false'],
		[true, 'true'],
		['nullable', 'nullable'],
		['{keyword}', '{keyword}'],
		[['a'], 'a'],
		[['a', 'a', ' a '], 'a'],
		[['1', 1], '1'],
		[['', 'a', 'null', '{source}'], 'a'],
	])('with the value %j is read as the text %j', (value, text) => {
		expect(parameterText({ source: value } as IDataObject, 'source')).toBe(text);
	});

	it('with several values is read as a list that contains each value once', () => {
		expect(parameterTexts({ source: ['a', 'b', 'a', ''] }, 'source')).toEqual(['a', 'b']);
	});

	it.each(['leadtype', 'callphase', 'changedFields', 'id', 'requestId', 'siteId', 'callerphone'])(
		'named %s is an unfilled placeholder if its value is in braces, whatever is inside them',
		(name) => {
			expect(parameterText({ [name]: '{x}' }, name)).toBeNull();
			expect(isUnfilled({ [name]: '{x}' }, name)).toBe(true);
			expect(parameterText({ [name]: 'a{x}' }, name)).toBe('a{x}');
		},
	);

	it('with another name is an unfilled placeholder only if its value is its own name in braces', () => {
		expect(isUnfilled({ source: '{source}' }, 'source')).toBe(true);
		expect(isUnfilled({ source: ['a', '{source}'] }, 'source')).toBe(true);
		expect(isUnfilled({ source: '{keyword}' }, 'source')).toBe(false);
	});

	it.each([
		...['id', 'requestId', 'dealId', 'sip_call_id', 'callerphone', 'phonenumber', 'orderNumber'],
	])('named %s identifies an event', (name) => {
		expect(isIdentifying(name)).toBe(true);
	});

	it.each(['siteId', 'siteName', 'leadtype', 'callphase', 'timestamp', 'paid', 'idea', 'source'])(
		'named %s does not identify an event',
		(name) => {
			expect(isIdentifying(name)).toBe(false);
		},
	);
});
