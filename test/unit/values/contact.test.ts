import fc from 'fast-check';

import { email, phoneNumber } from '../../../nodes/Calltouch/values/contact';
import { InvalidFieldError } from '../../../nodes/Calltouch/values/field';
import { explains, LABEL, leavesOutBlanks, rejects, sends } from '../../support/conversions';
import { SEED } from '../../support/testLength';

describe('As a phone number,', () => {
	leavesOutBlanks(phoneNumber);
	sends(phoneNumber, [
		['79205550055', '79205550055'],
		[79205550055, '79205550055'],
		['+7 (920) 555-00-55', '79205550055'],
		['8 (920) 555-00-55', '79205550055'],
		['8-920-555-00-55', '79205550055'],
		['(920) 555 00 55', '79205550055'],
		[9205550055, '79205550055'],
		['+375 29 123-45-67', '375291234567'],
		['+84 91 234 5678', '84912345678'],
		['+372 512 3456', '3725123456'],
		['5550055', '5550055'],
		['123456789012345', '123456789012345'],
		['(+372) 555 1234', '3725551234'],
		['\u202A+372 555 1234\u202C', '3725551234'],
		['\u2066+7\u2069 920 555 00 55', '79205550055'],
		['(+81) 3 1234 5678', '81312345678'],
		['( + 372 ) 555 1234', '3725551234'],
		['\uFF0B372 555 1234', '3725551234'],
		['+84951234567', '84951234567'],
		['+880 2 1234 5678', '880212345678'],
		['\u202A8 920 555 00 55\u202C', '79205550055'],
		['8.920.555.00.55', '79205550055'],
		['8.920.555.55.00', '79205555500'],
		['8.920-555-00-55', '79205550055'],
		['920.555.0055', '79205550055'],
		['+7 920 555-00-55 (+)', '79205550055'],
		['79205550055,', '79205550055'],
		['79205550055.', '79205550055'],
		[' 79205550055\n', '79205550055'],
		['/ 79205550055 /', '79205550055'],
		[`7920${'-'.repeat(89)}5550055`, '79205550055'],
		[`+7 (920) 555-00-55${' '.repeat(90)}\u200b`, '79205550055'],
		['00375(29) 123-45-67', '375291234567'],
		// This text could also be two seven-digit numbers.
		['4930123 4567890', '49301234567890'],
		['86 138 1234 5678', '8613812345678'],
		['7-123-456', '7123456'],
		['8-12-34-56-78', '812345678'],
		['8 (452) 123-456', '78452123456'],
		['(8-412) 56-12-34', '78412561234'],
		['7 (172) 55-00-55', '77172550055'],
		['(29) 123-45-67', '291234567'],
		['+7 920 555 00 (55)', '79205550055'],
		['(7)(920)(555)(00)(55)', '79205550055'],
		['8 920 555 00 (55)', '79205550055'],
		['+44 (20) (7946) (0958)', '442079460958'],
		['*79205550055', '79205550055'],
		['+7 920 555-00-55 *', '79205550055'],
		['#79205550055', '79205550055'],
		['007 920 555 00 55', '79205550055'],
		['+007 920 555 00 55', '79205550055'],
		['(00) 375 29 123-45-67', '375291234567'],
		['00 44 20 7946 0958', '442079460958'],
		['810375291234567', '375291234567'],
		['8-10-375-29-123-45-67', '375291234567'],
		['8 (10) 7 920 555 00 55', '79205550055'],
		['81012345678', '71012345678'],
		['+810 3 1234 5678', '810312345678'],
		['1234567', '1234567'],
		['123456789012345', '123456789012345'],
		['89161234567', '79161234567'],
		['49161234567', '49161234567'],
		['8916123456', '78916123456'],
	]);
	rejects(phoneNumber, [
		'123456',
		'79205550055.0',
		'79205550055.00',
		'+79205550055.0',
		'+7 (920) 555-00-55.0',
		79205550055.5,
		...['79205550055,0', '0501234567', '00000000000', '0123456', '8 (029) 123-45-67'],
		...['+0 920 555 00 55', '000 7 920 555 00 55', '00 12 34 56', '0012345678901234567'],
		...['00 8 920 555 00 55', '0079205550055 12', '0/079205550055', '8 10 7 920 555 00'],
		...['+8 920 555 00 55', '+8(495)123-45-67', '(+8) 920 555-00-55'],
		...['\u202A+\u202C8\u2069 495 123-45-67', '+89205550055', '123-45-67; 765-43-21'],
		...['123-45-67, 765-43-21', '123-45-67/765-43-21', '123-45-67 | 765-43-21'],
		...['123-45-67\n765-43-21', '123-45-67\r\n765-43-21', '123-45-67\u2028765-43-21'],
		...['123-45-67 (;) 765-43-21', '123-45-67 +765-43-21', '8 (+7) 920 555 00 55'],
		...['1234567890123456'],
		`7920${'-'.repeat(90)}5550055`,
		Array(7).fill('+7 (920) 555-00-55').join('; '),
		...['79205550055, 79205550056', '8 920 555 00 55 доб. 12', '79205550055 ext 1'],
		...['8 (495) 308-01-00 (123)', '8 (495) 308-01-00 #12', '+375 29 123-45-67 *12'],
		...['-9161234560', -9161234560, '\u22121235476', '84951234567-12', '(84951234567) 12'],
		...['891612345678', '8916 1234567-12', '8 916 1234567 (1) 2', '8312 123-45-67 12'],
		...['8*920*555*00*55', '84953080100 (123)', '84953080100 (123).', '(8) 495 308-01-00 12'],
		...['(495) 308-01-00 (123)', '+375 29 123-45-67 (12)', '7 (495) 308-01-00 (123)'],
		...['79205550055123', '["+79205550055"]', '[{"VALUE":"+79205550055"}]', '٧٩٢٠٥٥٥٠٠٥٥', '+'],
		{},
		1e21,
	]);
	explains(phoneNumber, [
		['12', 'is not a single phone number: "12" |'],
		[1e-7, 'is not a single phone number: "1e-7" |'],
		['123456', 'is not a single phone number'],
		['1234567890123456', 'is not a single phone number'],
		['1234567; 7654321', 'is not a single phone number: "1234567; 7654321" |'],
		['79205550055.0', '55.0" | The value is a decimal number'],
		[-9161234560, '-9161234560" | The value is a negative number'],
		['+8 920 555 00 55', 'starts with +8, which is not a country code'],
		['+8 920 555 00 55', '| For a Russian number, enter +7'],
		[
			'8 (495) 308-01-00 (123)',
			'starts with 8, but does not have 11 digits: "8 (495) 308-01-00 (123)" | Enter +7',
		],
		['+7 920 555-00-551', 'starts with +7, but does'],
		[
			'84953080100 (1)',
			'is not a single phone number: "84953080100 (1)" | Remove the digits in parentheses',
		],
		['0501234567', 'has a 0 where a country code or a Russian area'],
	]);
});

describe('A phone number in any notation', () => {
	const convert = (value: string) => phoneNumber({ label: LABEL, value });
	const mask = fc.string({
		unit: fc.constantFrom(...' ()-\u00A0\u202A\u202C\u2066\u2069\u200E'),
		maxLength: 3,
	});
	const masked = (digits: string, gaps: string[]) =>
		[...digits].map((digit, index) => (gaps[index % gaps.length] ?? '') + digit).join('');
	const gaps = fc.array(mask, { minLength: 1, maxLength: 6 });
	const anyDigits = fc.stringMatching(/^[1-79][0-9]{6,14}$/);

	it('keeps its country code if a plus sign precedes the first digit', () => {
		fc.assert(
			fc.property(anyDigits, gaps, mask, (digits, parts, before) => {
				fc.pre(!digits.startsWith('7') || digits.length === 11);
				expect(convert(`${before}+${masked(digits, parts)}`)).toBe(digits);
			}),
			{ seed: SEED },
		);
	});

	it.each(['+7 8 920 555-00-55', '+7 920 555-00-5', '(+7)920555005', '+7 920 555-00-55 (123)'])(
		'is rejected if +7 is not followed by exactly ten digits: %s',
		(given) => {
			expect(() => convert(given)).toThrow('starts with +7, but does not have 11 digits');
		},
	);

	it('is never sent as one number if a separator divides its digits into two numbers', () => {
		const sign = fc.constantFrom(';', ',', '/', '|', '\n', '\r\n', '\u2028', '+');
		fc.assert(
			fc.property(anyDigits, gaps, sign, fc.nat(), (digits, parts, parting, place) => {
				const index = 1 + (place % (digits.length - 1));
				const text = masked(digits.slice(0, index), parts) + parting + digits.slice(index);
				expect(() => convert(text)).toThrow(InvalidFieldError);
			}),
			{ seed: SEED },
		);
	});
});

describe('As an email,', () => {
	leavesOutBlanks(email);
	sends(email, [
		[' anna@example.com ', 'anna@example.com'],
		['Иван@пример.рф', 'Иван@пример.рф'],
		['anna@example.com;', 'anna@example.com'],
		['anna@example.com , ', 'anna@example.com'],
		['mailto:anna@example.com', 'anna@example.com'],
		['MAILTO: anna@example.com', 'anna@example.com'],
		['<anna@example.com>', 'anna@example.com'],
		['<mailto:anna@example.com>;', 'anna@example.com'],
		['"anna@example.com"', 'anna@example.com'],
		['«anna@example.com».', 'anna@example.com'],
		["'anna@example.com", 'anna@example.com'],
		['anna@example.com...', 'anna@example.com'],
		['anna@example.com…', 'anna@example.com'],
		['mailto://anna@example.com', 'anna@example.com'],
		['‹anna@example.com›', 'anna@example.com'],
		['o’neil@example.com', 'o’neil@example.com'],
		["o'neil@example.com", "o'neil@example.com"],
		['anna@localhost', 'anna@localhost'],
	]);
	rejects(email, [
		...['anna', '@example.com', 'anna@', 'an na@example.com', 'a@b c', '@'],
		{},
		['a@b.c'],
		...['["anna@example.com"]', 'anna@example.com,ivan@example.com', 'anna@ivan@example.com'],
		...['Anna <anna@example.com>', 'Anna<anna@example.com>', '[anna](mailto:anna@example.com)'],
		...['email:anna@example.com', 'mailto:', 'mailto:anna@example.com?subject=Hi'],
		...['anna@example.com!', '<>', 'anna@.com', 'anna@example..com', 'a"b@example.com'],
		...['“anna”@example.com', '«anna»@example.com', 'null@null', '{{$json.name}}@example.com'],
	]);
	explains(email, [['a b@c', 'is not an email address: "a b@c" |']]);
});
