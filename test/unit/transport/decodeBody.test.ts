import { decodeBody, decodeWords } from '../../../nodes/Calltouch/transport/decodeBody';

const TEXT = '{"status":"Новый"}';
const IN_1251 = Buffer.concat([
	Buffer.from('{"status":"'),
	Buffer.from([0xcd, 0xee, 0xe2, 0xfb, 0xe9]),
	Buffer.from('"}'),
]);
const GARBLED = `{"status":"${'\uFFFD'.repeat(5)}"}`;

it.each<[what: string, body: Buffer, contentType: unknown, text: string]>([
	['in UTF-8', Buffer.from(TEXT), undefined, TEXT],
	['in UTF-8 with a byte order mark', Buffer.from(`\uFEFF${TEXT}`), undefined, TEXT],
	['in UTF-8, although another charset is declared', Buffer.from(TEXT), 'charset=cp1251', TEXT],
	['in windows-1251, as declared', IN_1251, 'application/json; charset=windows-1251', TEXT],
	['in windows-1251, as declared in quotes', IN_1251, 'text/plain;Charset = "CP1251"', TEXT],
	['in an undeclared charset', IN_1251, 'application/json', GARBLED],
	['in an unknown charset', IN_1251, 'application/json; charset=x-none', GARBLED],
	['without content', Buffer.alloc(0), 'application/json; charset=windows-1251', ''],
])('A body %s is decoded as text', (_what, body, contentType, text) => {
	expect(decodeBody(body, contentType)).toBe(text);
});

it.each<[what: string, body: Buffer, words: string]>([
	['in UTF-8', Buffer.from(`${TEXT}\r\n\t`), `${TEXT}\r\n\t`],
	['in windows-1251, as declared', IN_1251, TEXT],
	['without content', Buffer.alloc(0), ''],
	['with a control character at its end', Buffer.from('ID3\x03'), ''],
	['of zeros', Buffer.alloc(10), ''],
	['in no known charset', Buffer.from([0xff, 0xfb, 0x98, 0x44, 0]), ''],
	['with a control character after some words', Buffer.from('No recording\x01\n'), ''],
])('If a body %s might be a file, the body is decoded only if it is text', (_what, body, words) => {
	expect(decodeWords(body, 'text/plain; charset=windows-1251')).toBe(words);
});

it('If a long body might be a file, only its beginning is decoded, and no character is cut in half', () => {
	const words = decodeWords(Buffer.from(`x${'ж'.repeat(1_000_000)}`), undefined);
	expect(words).toMatch(/^xж+$/);
	expect(words.length).toBeLessThanOrEqual(100_000);
});
