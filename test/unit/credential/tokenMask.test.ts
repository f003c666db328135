import { tokenMask } from '../../../nodes/Calltouch/credential/tokenMask';
import { formsOf } from '../../support/secrets';

const TOKEN = 'a"b\\c/d+e f=ж.*$^?()[]{}|-z';
const mask = tokenMask(TOKEN);

describe('The mask of a token', () => {
	it.each(formsOf(TOKEN))('takes it out written as %s, as often as it stands there', (form) => {
		expect(mask(`before ${form}, ${form} after`)).toMatch(/^before \*\*\*\S*, \*\*\*\S* after$/);
	});

	it('takes it out as PHP writes JSON, in lower case, and in base64 wherever it begins', () => {
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

	it('leaves what only begins like the token or would match it as a pattern', () => {
		const text = 'a"b\\c/d+e f=ж, and a%22b';
		expect(mask(text)).toBe(text);
		expect(tokenMask('ab.*bbbbc')('abbbbbbbc')).toBe('abbbbbbbc');
	});

	it.each([
		['1234567', 'is 1234567 here'],
		['12345678', 'is *** here'],
	])(
		'turns a text with the token %s into "%s": below 8 characters, it is no real one',
		(token, expected) => {
			expect(tokenMask(token)(`is ${token} here`)).toBe(expected);
		},
	);
});
