import { maskToken } from '../nodes/Calltouch/transport/maskToken';
import { formsOf } from './support/secrets';

const TOKEN = 'a"b\\c/d+e f=ж.*$^?()[]{}|-z';

describe('masking the token', () => {
	it.each(formsOf(TOKEN))('finds it as %s', (form) => {
		expect(maskToken(`before ${form}, ${form} after`, TOKEN)).toMatch(
			/^before \*\*\*\S*, \*\*\*\S* after$/,
		);
	});

	it('finds it as PHP writes JSON, in other cases, and in base64 wherever it stands', () => {
		const phpJson = JSON.stringify(TOKEN).slice(1, -1).replaceAll('/', '\\/');
		expect(maskToken(`"${phpJson}"`, TOKEN)).toBe('"***"');
		expect(maskToken(encodeURIComponent(TOKEN).toLowerCase(), TOKEN)).toBe('***');
		for (const before of ['', 'x', 'xx', 'xxx']) {
			const encoded = Buffer.from(`${before}${TOKEN}${before}`).toString('base64');
			const masked = maskToken(encoded, TOKEN);
			expect(masked).toContain('***');
			expect(masked.length).toBeLessThan(3 + 12);
		}
	});

	it('leaves what is not the token', () => {
		const text = 'a"b\\c/d+e f=ж, and a%22b';
		expect(maskToken(text, TOKEN)).toBe(text);
		expect(maskToken('abbbbbbbc', 'ab.*bbbbc')).toBe('abbbbbbbc');
	});

	it.each([
		['1234567', 'is 1234567 here'],
		['12345678', 'is *** here'],
	])('leaves a token that is too short to be one: %s', (token, expected) => {
		expect(maskToken(`is ${token} here`, token)).toBe(expected);
	});
});
