import { findWordingFaults } from '../../tools/wording/findWordingFaults';

describe('the words that texts avoid', () => {
	it('are found with their place, across the end of a line and in capitals', () => {
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
	])('are not found inside other words or in usual phrases: %s', (text) => {
		expect(findWordingFaults(text)).toEqual([]);
	});
});
