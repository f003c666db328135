import fc from 'fast-check';
import { sleep } from 'n8n-workflow';

import { parseJson } from '../../../nodes/Calltouch/api/json';

function isJsonFor(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}

describe('The JSON parser', () => {
	it.each([
		['{"id":1234567890123456789}', { id: '1234567890123456789' }],
		['[-1234567890123456789,1]', ['-1234567890123456789', 1]],
		['{"a":1234567890123456}', { a: '1234567890123456' }],
		['{"a":123456789012345}', { a: 123456789012345 }],
		['{"1234567890123456789":"x"}', { '1234567890123456789': 'x' }],
		[
			'{"a":"say \\"1234567890123456789\\", 1234567890123456789"}',
			{ a: 'say "1234567890123456789", 1234567890123456789' },
		],
		['{"a":"\\\\","b":1234567890123456789}', { a: '\\', b: '1234567890123456789' }],
		['{"a":0.1234567890123456789}', { a: 0.12345678901234568 }],
		['{"a":1234567890123456789e2}', { a: 1.2345678901234568e20 }],
	])('keeps the digits of whole numbers that JavaScript would round: %s', (text, expected) => {
		expect(parseJson(text)).toEqual(expected);
	});

	it.each(['', '{"a":1234567890123456789', '[1,', '"1234567890123456789', '\uFEFF{}'])(
		'returns undefined for the invalid JSON %p',
		(text) => {
			expect(parseJson(text)).toBeUndefined();
		},
	);

	const megabyte = (part: string) => part.repeat(Math.ceil(1_000_000 / part.length));
	const LONG = '1234567890123456';

	it.each<[string, string]>([
		['long numbers', `[${megabyte(`${LONG},`)}"${LONG}"]`],
		['long numbers before a quote', `[${megabyte(`${LONG},`)}"`],
		['long numbers between strings', `[${megabyte(`"a",${LONG},`)}1]`],
		['long numbers in strings', `[${megabyte(`"${LONG}",`)}1]`],
		['quotes', megabyte('"')],
		['quotes in a string', `"${megabyte('\\"')}${LONG}"`],
		['backslashes in a string', `"${megabyte('\\')}"`],
		['backslashes in an unfinished string', `"${megabyte('\\')}${LONG}`],
		['keys', `{${megabyte(`"${LONG}":1,`)}"a":1}`],
	])('parses a megabyte of %s before the test times out', async (_what, text) => {
		const isJson = parseJson(text) !== undefined;
		// Lets the test time out here if parsing took too long.
		await sleep(0);
		expect(isJson).toBe(isJsonFor(text));
	});

	it('returns the same result as JSON.parse if the JSON contains no number that JavaScript would round', () => {
		fc.assert(
			fc.property(fc.jsonValue(), (value) => {
				const text = JSON.stringify(value);
				const isLong = (one: unknown): boolean =>
					(typeof one === 'number' && /^-?\d{16,}$/.test(String(one))) ||
					(typeof one === 'object' && one !== null && Object.values(one).some(isLong));
				fc.pre(!isLong(value));
				expect(parseJson(text)).toEqual(JSON.parse(text));
			}),
		);
	});
});
