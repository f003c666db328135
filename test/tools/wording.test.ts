import { findWordingFaults } from '../../tools/wording/findWordingFaults';

describe('The wording linter', () => {
	it('finds words to avoid and their positions, even across lines and in capitals', () => {
		expect(findWordingFaults('The node refuses it.\nBy\nitself, no.')).toEqual([
			{ index: 9, message: '"refuses": use reject' },
			{ index: 21, message: '"By itself": use automatically' },
		]);
	});

	it.each([
		['Chairs and understanding'],
		['The server refused the connection'],
		['An item that was held up'],
		['Each token works for the sites of its own login'],
	])('accepts such words inside other words and in common phrases: %s', (text) => {
		expect(findWordingFaults(text)).toEqual([]);
	});
});
