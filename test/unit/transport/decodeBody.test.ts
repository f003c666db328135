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
])('The text of a body %s is decoded', (_what, body, contentType, text) => {
	expect(decodeBody(body, contentType)).toBe(text);
});

it.each<[what: string, body: Buffer, words: string]>([
	['in UTF-8', Buffer.from(`${TEXT}\r\n\t`), `${TEXT}\r\n\t`],
	['in windows-1251, as declared', IN_1251, TEXT],
	['without content', Buffer.alloc(0), ''],
	['with a control character at its end', Buffer.from('ID3\x03'), ''],
	['of zeros', Buffer.alloc(10), ''],
	['in no known charset', Buffer.from([0xff, 0xfb, 0x98, 0x44, 0]), ''],
	['with a control character after its words', Buffer.from('No recording\x01\n'), ''],
])('Only the words of a body %s that may be a file are decoded', (_what, body, words) => {
	expect(decodeWords(body, 'text/plain; charset=windows-1251')).toBe(words);
});

it('Only the beginning of a long body that may be a file is decoded, without a cut character', () => {
	const words = decodeWords(Buffer.from(`x${'ж'.repeat(1_000_000)}`), undefined);
	expect(words).toMatch(/^xж+$/);
	expect(words.length).toBeLessThanOrEqual(100_000);
});
