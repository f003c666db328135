import { given, parametersOf, type HttpDelivery } from '../../../nodes/Calltouch/trigger/delivery';

const delivered = (delivery: Partial<HttpDelivery>) =>
	parametersOf({ query: {}, body: undefined, rawBody: undefined, isMultipart: false, ...delivery });

describe('the parameters of a delivery', () => {
	it('are those of the query and of the body, and the body counts where both have one', () => {
		const parameters = delivered({ query: { a: '1', b: '1' }, body: { b: '2', c: '2' } });
		expect(parameters).toEqual({ a: '1', b: '2', c: '2' });
	});

	it('are the fields of a multipart body', () => {
		const body = { data: { id: '7' }, files: {} };
		expect(delivered({ body, isMultipart: true })).toEqual({ id: '7' });
		expect(delivered({ body: 'x', isMultipart: true })).toEqual({});
		expect(delivered({ body, isMultipart: false })).toEqual(body);
	});

	it.each(['{"id":12345678901234567890}', ' \n{"id": 12345678901234567890}'])(
		'keep each digit of a number in the JSON %j',
		(text) => {
			const body = JSON.parse(text) as object;
			const parameters = delivered({ body, rawBody: Buffer.from(text) });
			expect(String(parameters.id)).toBe('12345678901234567890');
		},
	);

	it('are read from JSON whose content type was not said', () => {
		expect(delivered({ body: '{"id":"7"}' })).toEqual({ id: '7' });
		expect(delivered({ rawBody: Buffer.from('{"id":"7"}') })).toEqual({ id: '7' });
	});

	it('are read from a form whose content type was not said', () => {
		expect(delivered({ body: 'id=7&utm_source=a%20b' })).toEqual({ id: '7', utm_source: 'a b' });
		expect(delivered({ body: 'custom[a]=1' })).toEqual({ 'custom[a]': '1' });
	});

	it('are those that n8n read where the text beside them is a form', () => {
		const parameters = delivered({ body: { id: '7' }, rawBody: Buffer.from('id=8') });
		expect(parameters).toEqual({ id: '7' });
	});

	it.each<[string, unknown, unknown]>([
		['a list', [1], [1]],
		['a list as text', '[1]', [1]],
		['a sentence', 'no form at all', 'no form at all'],
		['a sentence with an equals sign', 'a b=c', 'a b=c'],
		['broken JSON', '{"id"', '{"id"'],
	])('hold under body what is neither a form nor an object: %s', (_, body, expected) => {
		expect(delivered({ body })).toEqual({ body: expected });
	});

	it.each([undefined, null, '', '  '])('are none where the body is %j', (body) => {
		expect(delivered({ body })).toEqual({});
	});

	it('never hold __proto__', () => {
		const text = '{"__proto__":{"a":1},"id":"7"}';
		const parameters = delivered({ body: text, query: JSON.parse(text) });
		expect(Object.getOwnPropertyNames(parameters)).toEqual(['id']);
	});
});

describe('a parameter', () => {
	it.each([
		undefined,
		null,
		'',
		'  ',
		'null',
		' null ',
		'undefined',
		'{}',
		'<не указано>',
		{},
		['a'],
	])('that is %j is none', (value) => {
		expect(given(value)).toBeNull();
	});

	it.each<[unknown, string]>([
		[' a ', 'a'],
		[0, '0'],
		[false, 'false'],
		[true, 'true'],
		['nullable', 'nullable'],
	])('that is %j is the text %j', (value, text) => {
		expect(given(value)).toBe(text);
	});
});
