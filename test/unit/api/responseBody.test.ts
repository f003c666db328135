import { extractErrorMessage, isWebPage } from '../../../nodes/Calltouch/api/responseBody';

describe("Calltouch's message", () => {
	it.each([
		[
			'{"data":{"apiErrorData":{"errorMessage":"No such site","errorCode":"E7"},"message":"x"}}',
			'No such site (E7)',
		],
		['{"data":{"apiErrorData":{"errorMessage":"No such site","errorCode":7}}}', 'No such site (7)'],
		['{"data":{"apiErrorData":{"errorMessage":"No such site"}}}', 'No such site'],
		[
			'{"data":{"validationErrorData":{"violations":[{"message":"sum"},{},null,{"message":"date"}]}},"message":"x"}',
			'sum; date',
		],
		['{"message":"Неверный статус","errorMessage":"x"}', 'Неверный статус'],
		['{"errorMessage":"bad","data":{"message":"x"}}', 'bad'],
		['{"data":{"message":"worse"}}', 'worse'],
		['{"data":{"apiErrorData":{"errorMessage":["a"]}},"message":"b"}', 'b'],
		['{"data":{"message":"worse"},"error":"x"}', 'worse'],
		['{"error":"No such order"}', 'No such order'],
		['{"error":{"code":7,"message":"No such order"}}', 'No such order'],
		['[{"errorCode":"500","message":"Failed"},{"message":"x"}]', 'Failed'],
		['Plain\n words', 'Plain words'],
		['say [no] {more}', 'say [no] {more}'],
		['<html><head><title>502 Bad\nGateway</title></head></html>', '502 Bad Gateway'],
		['<HTML><TITLE lang="en">Stop</TITLE><title>no</title>', 'Stop'],
		['<html>before<title>Here</title>after', 'Here'],
		['<?xml version="1.0"?><error><code>500</code><message>Failed</message></error>', 'Failed'],
		[`"${'x'.repeat(400)}`, `"${'x'.repeat(299)}…`],
		['x'.repeat(300), 'x'.repeat(300)],
	])('in the body %p is %p', (body, words) => {
		expect(extractErrorMessage(body)).toBe(words);
	});

	it.each([
		...['', '  ', '{}', '[1]', ' ["cut'],
		...['{"data":{"apiErrorData":null,"validationErrorData":{"violations":7}}}'],
		...['{"message":null,"data":7}', '{"cut": "js', '<html></html>'],
		...['<?xml version="1.0"?><error/>', '<html><title>half'],
		...['<html><title><b>nested</b></title></html>'],
	])('is missing if the body is %p', (body) => {
		expect(extractErrorMessage(body)).toBeUndefined();
	});

	it('is found only in the first 100,000 characters, unless the body is JSON', () => {
		const before = '<html>'.padEnd(99_000);
		expect(extractErrorMessage(`${before}<title>Here</title>`)).toBe('Here');
		expect(extractErrorMessage(`${before.padEnd(100_000)}<title>Here</title>`)).toBeUndefined();
		expect(extractErrorMessage(' '.repeat(100_001) + 'text')).toBeUndefined();
		// JSON is parsed completely or not at all.
		expect(extractErrorMessage(JSON.stringify({ pad: before, message: 'Here' }))).toBe('Here');
	});
});

it.each([
	['<!DOCTYPE html>', 'is'],
	['<html lang="ru">', 'is'],
	['\uFEFF \n<HEAD>', 'is'],
	['<body>', 'is'],
	['<!-- note --><html>', 'is'],
	['', 'is not'],
	['<?xml version="1.0"?><error/>', 'is'],
	['<center>', 'is'],
	['404 page not found\n', 'is'],
	['default backend - 404', 'is'],
	['{"message":"no Route matched with those values"}', 'is'],
	['404 order not found', 'is not'],
	['{"message":"404 page not found"}', 'is not'],
	['text <html>', 'is not'],
	['{"html": "<html>"}', 'is not'],
])('The body %p %s a web page', (body, verb) => {
	expect(isWebPage(body)).toBe(verb === 'is');
});
