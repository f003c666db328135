import { orderSum } from '../../../nodes/Calltouch/values/orderSum';
import {
	leavesOutBlanks,
	messageOf,
	refuses,
	sends,
	type Convert,
} from '../../support/conversions';

const NBSP = '\u00A0';
const NARROW_NBSP = '\u202F';

describe('Budget', () => {
	leavesOutBlanks(orderSum);
	sends(orderSum, [
		[1000, '1000'],
		[0, '0'],
		[-0, '0'],
		[48900.9, '48900.9'],
		[1e-7, '0.0000001'],
		[Number.MAX_SAFE_INTEGER, '9007199254740991'],
		['1000', '1000'],
		['1 000', '1000'],
		[`1${NBSP}234${NARROW_NBSP}567,89`, '1234567.89'],
		['1000,50', '1000.50'],
		['1000.50', '1000.50'],
		['1.0000', '1.0000'],
		['1,5', '1.5'],
		['0,125', '0.125'],
		['125 000,50 ₽', '125000.50'],
		['₽ 300', '300'],
		['48 500 руб.', '48500'],
		['500руб', '500'],
		['500 РУБ', '500'],
		['500 р.', '500'],
		['500 RUB', '500'],
		['1\u3000000  000', '1000000'],
		['\u200F15000\u200E', '15000'],
		[4.35 * 100, '435'],
		[0.1 + 0.2, '0.3'],
		[1999.9 * 3, '5999.7'],
		[100 / 3, '33.3333'],
		[0.3 - 0.1 - 0.2, '0'],
		[123456789.1 + 0.2, '123456789.3'],
		[0.12345, '0.12345'],
		[1234567.12345, '1234567.12345'],
		[12345678.12349, '12345678.1235'],
		['434.99999999999994', '435'],
		['5999.700000000001', '5999.7'],
		['434.9999', '434.9999'],
		['434,99999999999994 ₽', '435'],
		['5 999.700000000001 руб.', '5999.7'],
		[118.125, '118.125'],
		[8.23 * 1.5, '12.345'],
		['123456789012345678901234567890.123456789', '123456789012345678901234567890.123456789'],
		['0,125', '0.125'],
		['1234,567', '1234.567'],
		['1,0001', '1.0001'],
		['₽5', '5'],
	]);
	refuses(orderSum, [
		-1,
		'-1',
		'−5',
		NaN,
		Infinity,
		2 ** 53,
		1e21,
		'abc',
		'1000 roubles',
		'1.000,50.2',
		'1.000,50',
		'1,000.50',
		'1,000',
		'999,999',
		'1.000',
		'15.000',
		'150.000 руб.',
		'3.350 ₽',
		'руб.',
		'500 руб 50',
		'500 рублей и больше',
		"1'000",
		'1,2,3',
		'12 34',
		'1 0000',
		'1e3',
		'₽',
		'.5',
		'5.',
		true,
		[1],
		{ amount: 1 },
	]);
});

describe('Message for an invalid budget', () => {
	it.each<[string, Convert, unknown, string]>([
		['a negative amount', orderSum, '-5', 'is negative: "-5" | Enter the amount'],
		['two readings', orderSum, '1,000', 'can be read in two ways: "1,000" |'],
		['two readings of a point', orderSum, '1.000', 'can be read in two ways: "1.000" |'],
		['no amount', orderSum, 'x', 'is not an amount: "x" |'],
		['a blank minus inside', orderSum, '5-', 'is not an amount: "5-" |'],
		['two signs', orderSum, '1₽5', 'is not an amount'],
		['a group after something', orderSum, 'x1 000', 'is not an amount'],
	])('reports %s', (_what, convert, value, said) => {
		expect(messageOf(convert, value)).toContain(said);
	});
});
