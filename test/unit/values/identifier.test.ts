import {
	calltouchId,
	exactNumber,
	identifier,
	wholeNumber,
} from '../../../nodes/Calltouch/values/identifier';
import { explains, leavesOutBlanks, rejects, sends } from '../../support/conversions';

describe('As a Calltouch ID,', () => {
	leavesOutBlanks(calltouchId);
	sends(calltouchId, [
		['32496964', '32496964'],
		[' 32496964 ', '32496964'],
		[32496964, '32496964'],
		[Number.MAX_SAFE_INTEGER, '9007199254740991'],
		['123456789012345678901234567890', '123456789012345678901234567890'],
		['007', '007'],
	]);
	rejects(calltouchId, [
		' false\u200B',
		0,
		'0',
		'000',
		1.5,
		'1.5',
		'12a',
		'abc',
		-5,
		2 ** 53,
		2 ** 53 + 2,
		1e21,
		true,
		{ id: 1 },
		[1],
	]);
	explains(calltouchId, [
		['1a', 'is not a whole number: "1a" |'],
		['0', 'is 0, which is not a valid identifier | Many CRMs write 0'],
	]);
});

describe('An order number', () => {
	leavesOutBlanks(identifier);
	sends(identifier, [
		['CRM-10', 'CRM-10'],
		['A1-100-0', 'A1-100-0'],
		['order-0', 'order-0'],
		['0-1', '0-1'],
		['№ 12', '№ 12'],
		['12.', '12.'],
		['00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000001'],
	]);
	explains(
		identifier,
		['0-0', '№ 0', '#0', '{00000000-0000-0000-0000-000000000000}'].map((zero) => [
			zero,
			`is ${zero}, which is not a valid identifier | Many CRMs write 0`,
		]),
	);
});

describe('As an identifier from another system,', () => {
	leavesOutBlanks(identifier);
	sends(identifier, [
		['K2TU/sm{7u4X3F', 'K2TU/sm{7u4X3F'],
		[10025431, '10025431'],
		['00123', '00123'],
		['9007199254740993', '9007199254740993'],
	]);
	rejects(identifier, ['false', 2 ** 53, -(2 ** 53), {}, ['x']]);
	explains(identifier, [
		[2 ** 53, 'is too large to be stored exactly as a number'],
		['8,20252E+18', 'is too large to be stored exactly as a number'],
		[0, 'is 0, which is not a valid identifier |'],
	]);
});

describe('As a whole number,', () => {
	leavesOutBlanks(wholeNumber);
	sends(wholeNumber, [
		[0, '0'],
		[600, '600'],
		['7200', '7200'],
	]);
	rejects(wholeNumber, [-1, 1.5, '1.5', '10 min', '1e3', true, {}]);
	explains(wholeNumber, [['-1', 'is not a whole number of 0 or more: "-1" |']]);
});

describe('As a number in JSON,', () => {
	leavesOutBlanks(exactNumber);
	sends(exactNumber, [
		['42', '42'],
		[7, '7'],
		[Number.MAX_SAFE_INTEGER, '9007199254740991'],
	]);
	rejects(exactNumber, [0, '0', -1, 1.5, 'abc', '9007199254740993', 2 ** 60]);
});
