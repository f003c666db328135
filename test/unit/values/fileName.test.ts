import { fileName } from '../../../nodes/Calltouch/values/fileName';

const named = (value: unknown) => fileName({ label: 'File Name', value });

it.each([
	['call.mp3', 'call.mp3'],
	['  Звонок 28.11 19:55.mp3 ', 'Звонок 28.11 19:55.mp3'],
	['../../etc/passwd', '....etcpasswd'],
	['C:\\calls\\1.mp3', 'C:calls1.mp3'],
	['/1.mp3', '1.mp3'],
	['a\u0000b\u0007\u202Ec.mp3', 'abc.mp3'],
	['line\nbreak.mp3', 'line break.mp3'],
	['one / two.mp3', 'one two.mp3'],
	[42, '42'],
])('The file name %j becomes %j', (given, expected) => {
	expect(named(given)).toBe(expected);
});

it.each([undefined, null, '', ' ', '.', '..', '/', '\\..\\', '. .', '\u200B'])(
	'The file name %j is treated as missing',
	(given) => {
		expect(named(given)).toBeUndefined();
	},
);

it.each([[{ name: 'a' }], [['a']], ['undefined'], ['[object Object].mp3'], ['{{ $json.id }}.mp3']])(
	'The file name %j is rejected because its expression failed',
	(given) => {
		expect(() => named(given)).toThrow("'File Name'");
	},
);
