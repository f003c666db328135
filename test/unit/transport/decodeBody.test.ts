import { decodeBody } from '../../../nodes/Calltouch/transport/decodeBody';

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
])('A body %s is read', (_what, body, contentType, text) => {
	expect(decodeBody(body, contentType)).toBe(text);
});
