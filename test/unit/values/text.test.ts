import { freeText, plainDecimal, text } from '../../../nodes/Calltouch/values/text';
import { explains, leavesOutBlanks, rejects, sends } from '../../support/conversions';

describe('As text,', () => {
	leavesOutBlanks(text);
	sends(text, [
		['  Коля \n', 'Коля'],
		['a & b=c%20+d', 'a & b=c%20+d'],
		['😀', '😀'],
		[0, '0'],
		[-0, '0'],
		[12.5, '12.5'],
		[Number.MAX_SAFE_INTEGER, '9007199254740991'],
		[1.5e-7, '0.00000015'],
		[true, 'true'],
		// PHP and Bitrix24 write an empty value as `false`.
		[false, undefined],
		[' false\u200B', undefined],
		['False friends', 'False friends'],
		[BigInt('123456789012345678901234567890'), '123456789012345678901234567890'],
		['[vip]', '[vip]'],
		['{city}', '{city}'],
		['a [1]', 'a [1]'],
		['[911]', '[911]'],
		['["a"', '["a"'],
		['[]', undefined],
		[' {} ', undefined],
	]);
	rejects(text, [
		'[12,15]',
		'[{}]',
		{ a: 1 },
		['a'],
		'["a"]',
		'{"id":7,"name":"Anna"}',
		NaN,
		Infinity,
		2 ** 53,
		-1e21,
		new Date(),
		'\uD83D',
		'x\uDE00y',
		() => 'x',
	]);
	explains(text, [
		['\uD83D', "'The Field' contains an incomplete character | The text was cut"],
		[[1], 'is neither text nor a number | The expression returned a list. Use one'],
		['["a"]', 'is neither text nor a number | The expression returned a list. Use one'],
		[{ a: 1 }, 'The expression returned a group of values. Use one'],
		[NaN, 'The expression returned NaN. Use one'],
	]);
});

describe('As free text,', () => {
	leavesOutBlanks(freeText);
	sends(freeText, [
		[' ["a"] ', '["a"]'],
		['{"id":7}', '{"id":7}'],
		['[] done', '[] done'],
		['[]', undefined],
		['\u200B{ } ', undefined],
	]);
	rejects(freeText, [{ a: 1 }, ['a'], NaN, 2 ** 53, '\uD83D']);
});

describe('As a plain decimal,', () => {
	it.each([
		[1e-7, '0.0000001'],
		[-1.25e-9, '-0.00000000125'],
		[1.5e300, `15${'0'.repeat(299)}`],
		[0.1 + 0.2, '0.30000000000000004'],
		[123456.789, '123456.789'],
	])('the number %p is written as %p', (number, written) => {
		expect(plainDecimal(number)).toBe(written);
		expect(Number(written)).toBe(number);
	});
});
