import { tokenMask } from '../../../nodes/Calltouch/credential/tokenMask';
import { formsOf, leaks } from '../../support/secrets';

const TOKEN = 'a"b\\c/d+e f=ж.*$^?()[]{}|-z';
const mask = tokenMask(TOKEN);

const SIGNS = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

const hex = (code: number) => code.toString(16);
/** The notations in which a program can write a character. */
const NOTATIONS: Array<(char: string) => string> = [
	(char) => char,
	(char) => Buffer.from(char).toString('hex').replace(/../g, '%$&'),
	(char) => Buffer.from(char).toString('hex').toUpperCase().replace(/../g, '%25$&'),
	(char) => `&#x${hex(char.codePointAt(0) ?? 0)};`,
	(char) => `&#X00${hex(char.codePointAt(0) ?? 0).toUpperCase()};`,
	(char) => `&#${char.codePointAt(0)};`,
	(char) => `&amp;#${char.codePointAt(0)};`,
	(char) => `\\u${hex(char.charCodeAt(0)).padStart(4, '0')}`,
	(char) => JSON.stringify(char).slice(1, -1).replace('/', '\\/'),
];

/** A generator of random numbers from 0 to 1 that are the same in each run. */
function seededRandom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state * 1103515245 + 12345) % 2 ** 31;
		return state / 2 ** 31;
	};
}

describe('The token mask', () => {
	it.each(formsOf(TOKEN))('removes every occurrence of the token written as %s', (form) => {
		expect(mask(`before ${form}, ${form} after`)).toMatch(/^before \*\*\*\S*, \*\*\*\S* after$/);
	});

	it("removes the token in PHP's JSON notation, in lower case, and in base64 at any offset", () => {
		const phpJson = JSON.stringify(TOKEN).slice(1, -1).replaceAll('/', '\\/');
		expect(mask(`"${phpJson}"`)).toBe('"***"');
		expect(mask(encodeURIComponent(TOKEN).toLowerCase())).toBe('***');
		for (const before of ['', 'x', 'xx', 'xxx']) {
			const encoded = Buffer.from(`${before}${TOKEN}${before}`).toString('base64');
			const masked = mask(encoded);
			expect(masked).toContain('***');
			expect(masked.length).toBeLessThan(3 + 12);
		}
	});

	it.each([...SIGNS, 'ж', ' '])(
		'replaces a token that contains %p, whichever notation is used for that character',
		(char) => {
			const token = `Gl3tWwh${char}rkA1Cyud4xT48E8FPey`;
			for (const write of NOTATIONS) {
				const echoed = `clientApiId=${token.replace(char, () => write(char))}&status=won`;
				expect(tokenMask(token)(echoed)).toBe('clientApiId=***&status=won');
			}
		},
	);

	it.each([
		['*', '%2A'],
		['~!', '~%21'],
		['/', '&sol;'],
		['&', '&amp;'],
		['"', '&quot;'],
		['/', '\\u0026#x2f;'],
		['/', '%26%2347%3B'],
		['+', '\\u0026#43;'],
	])('replaces a token that contains %p written as %s', (chars, written) => {
		const echoed = `<title>Gl3tWwh${written}rkA1C</title>`;
		expect(tokenMask(`Gl3tWwh${chars}rkA1C`)(echoed)).toBe('<title>***</title>');
	});

	it('replaces a token of ASCII symbols and Cyrillic letters in any mixture of notations', () => {
		const random = seededRandom(42);
		const token = `a1${SIGNS}Жя%41&amp; z`;
		for (let round = 0; round < 500; round++) {
			const echoed = [...token]
				.map((char) => NOTATIONS[Math.floor(random() * NOTATIONS.length)]?.(char))
				.join('');
			expect([echoed, tokenMask(token)(`"${echoed}"`)]).toEqual([echoed, '"***"']);
		}
	});

	it("removes every form of the token that the tests' own leak search can find", () => {
		const token = `a1${SIGNS}Жя z`;
		const echoed = formsOf(token).map((form) => tokenMask(token)(`<${form}>`));
		expect(leaks(formsOf(token), token)).toHaveLength(formsOf(token).length);
		expect(leaks(echoed, token)).toEqual([]);
	});

	it('keeps encoded characters around the token', () => {
		expect(tokenMask('Gl3tWwh/rkA1C')('%D0%B6&amp;x=Gl3tWwh%2FrkA1C%26y=%2F\\/')).toBe(
			'%D0%B6&amp;x=***%26y=%2F\\/',
		);
	});

	it.each(['\\', '%', '%25', '&', '&amp;', '&#x0', '\\u0', '+', 'a', 'a"b', '%D0', '&#59;'])(
		'finds the token in long text that otherwise contains only %p',
		(piece) => {
			const text = piece.repeat(50_000);
			expect(mask(text)).toBe(text);
			expect(mask(text + TOKEN)).toBe(`${text}***`);
		},
	);

	it('removes the start and the end of a token that was truncated or wrapped', () => {
		const credential = 'ab3dE7xQ9kLmN0pRs2tUvW4yZ1aBcD5fG6hJ8';
		const [beginning, end] = [credential.slice(0, 20), credential.slice(20)];
		for (const text of [beginning, end, `${beginning}\n ${end}`]) {
			expect(tokenMask(credential)(`x=${text} y`)).toBe(`x=${text.replace(/\w+/g, '***')} y`);
		}
	});

	it.each(['\u00AD', '\u200B', '\uFEFF', '&shy;', '&#8203;', '\\u200b', '%E2%80%8B', '<wbr>'])(
		'removes a token that contains the line-break mark %p',
		(mark) => {
			const credential = 'ab3dE7xQ/kLmN0pRs2tUvW4y/1aBcD5fG6hJ8';
			const address = credential.replace(/.{6}/g, `$&${mark}`);
			expect(tokenMask(credential)(`x=${address} y`)).toBe('x=*** y');
		},
	);

	it('removes the middle of a token from a message that quotes the text around an error', () => {
		const credential = 'ab3dE7xQ9kLmN0pRs2tUvW4yZ1aBcD5fG6hJ8';
		const message = `Unexpected token, "...${credential.slice(3, 24)}..." is not valid JSON`;
		expect(tokenMask(credential)(message)).toBe('Unexpected token, "...***..." is not valid JSON');
	});

	it('removes each part of the token that has at least 12 characters, wherever it is in the text', () => {
		const credential = 'ab3dE7xQ9kLmN0pRs2tUvW4yZ1aBcD5fG6hJ8';
		for (let start = 0; start + 11 <= credential.length; start++) {
			for (const [length, before] of [11, 12, 13, 20].flatMap((one) =>
				[...Array(8).keys()].map((at) => [one, '-'.repeat(at)] as const),
			)) {
				const part = credential.slice(start, start + length);
				const shown = part.length < 12 ? part : '***';
				expect(tokenMask(credential)(`${before}${part}-`)).toBe(`${before}${shown}-`);
			}
		}
	});

	it('removes part of a token from a URL that was truncated', () => {
		const credential = 'oFyH/tNz+QbhO1rcHYrlfTkdOFVzXjPVhxIBvfXpYwz+8';
		const address = `?clientApiId=${encodeURIComponent(credential)}`;
		expect(tokenMask(credential)(address.slice(0, 45))).toBe('?clientApiId=***');
	});

	it('accepts pasted text of any length as the token', () => {
		const credential = 'aB3/'.repeat(5_000);
		expect(tokenMask(credential)(`is ${credential} here`)).toBe('is *** here');
	});

	it('keeps text that only starts like the token, or that matches it as a regular expression', () => {
		const text = 'a"b\\c/d+e f, and a%22b';
		expect(mask(text)).toBe(text);
		expect(tokenMask('ab.*bbbbc')('abbbbbbbc')).toBe('abbbbbbbc');
	});

	it.each([
		['1234567', 'is 1234567 here'],
		['12345678', 'is *** here'],
	])(
		'turns text that contains the token %s into "%s", because a token has at least 8 characters',
		(token, expected) => {
			expect(tokenMask(token)(`is ${token} here`)).toBe(expected);
		},
	);
});
