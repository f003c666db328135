import { reportsFailure, successContent } from '../../../nodes/Calltouch/api/successContent';

describe('Successful response', () => {
	it.each<[body: string, content: unknown]>([
		['{"orderId":7}', { orderId: 7 }],
		['\n {} ', {}],
		['[{"orderId":7}]', [{ orderId: 7 }]],
		['null', null],
		['"ok"', 'ok'],
		['true', true],
		['0', 0],
		['', ''],
		[' OK \n', 'OK'],
		['Order deleted', 'Order deleted'],
		['{"message":"Order deleted"}', { message: 'Order deleted' }],
		['Удалено', 'Удалено'],
		['{"ctClientId":1234567890123456789}', { ctClientId: '1234567890123456789' }],
	])('the body %p has the content %j', (body, content) => {
		expect(successContent(body)).toEqual(content);
	});

	it.each([
		'<!DOCTYPE  html><html></html>',
		'<?xml version="1.0"?><!DOCTYPE html PUBLIC "x"><html></html>',
		'\uFEFF<?xml version="1.0"?><error/>',
		'\n\t<!-- a page --><html></html>',
		'<meta http-equiv="refresh">',
		'<br />\n<b>Warning</b>: x {"orderId":7}',
		'{"orderId":7,"sta',
		'[{"orderId":7}',
		'{orderId:7}',
		"{'orderId':7}",
		'{"orderId":7}{"orderId":8}',
		'callback({"orderId":7});',
		')]}\',\n{"orderId":7}',
		'--boundary\n\n{"orderId":7}\n--boundary--',
	])('the body %p confirms nothing', (body) => {
		expect(successContent(body)).toBeUndefined();
	});
});

describe('Content of a response', () => {
	it.each<[content: unknown]>([
		[{ errorCode: '500', message: 'x' }],
		[{ isSuccess: false }],
		[{ success: 'no' }],
		[{ deletedCount: 0 }],
		[{ code: 'ORDER_NOT_FOUND' }],
		[{ status: { code: 404 } }],
		[{ violations: [{ message: 'x' }] }],
		[{ errorCode: 7 }],
		[{ error_code: 7 }],
		[{ errorMessage: 'x' }],
		[{ error: 'x' }],
		[{ error: true }],
		[{ error: { code: 7 } }],
		[{ errors: ['x'] }],
		[{ Error: 'x' }],
		[{ isError: true }],
		[{ exception: 'java.lang.IllegalStateException' }],
		[{ success: false }],
		[{ success: 'false' }],
		[{ success: 0 }],
		[{ ok: false }],
		[{ deleted: false }],
		[{ status: 'error' }],
		[{ status: 'ERROR', message: 'x' }],
		[{ status: 'fail' }],
		[{ status: 'failed' }],
		[{ status: 'Failure' }],
		[{ status: 'not_found' }],
		[{ status: 404, message: 'x' }],
		[{ status: 'error', orderId: 0 }],
		[{ code: 403 }],
		[{ code: '500' }],
		[{ statusCode: 500 }],
		[{ result: 'error' }],
		[{ result: false }],
		[{ result: { success: false } }],
		[{ response: { error: 'x' } }],
		[{ data: { apiErrorData: { errorMessage: 'x' } } }],
		[{ data: { validationErrorData: { violations: [] } } }],
		[{ data: [{ errorCode: 7 }] }],
		[{ orderId: 7, errorCode: '500' }],
		[{ orderId: 7, success: false }],
		[[{ errorCode: '500' }]],
		[[{ orderId: 7 }, { status: 'error' }]],
		[['error']],
		[false],
		['error'],
		['Error: there is no such order'],
		['Ошибка'],
		['404 Not Found'],
		['failed to delete'],
	])('%j reports a failure', (content) => {
		expect(reportsFailure(content)).toBe(true);
	});

	it.each<[content: unknown]>([
		[{}],
		[[]],
		[[[]]],
		[null],
		[undefined],
		[''],
		[true],
		[0],
		['ok'],
		['Errorless'],
		['4045'],
		[{ message: 'x' }],
		[{ success: true, ok: 1, deleted: 'true', status: 'ok', code: 200, result: 'done' }],
		[{ code: 0 }],
		[{ errorCode: 0, errorMessage: '', error: null, errors: [], exception: {} }],
		[{ errorCode: '0', error: 'none', isError: false, error_text: 'null' }],
		[{ data: { apiErrorData: null } }],
		[{ data: null, result: null, response: 'OK' }],
		[{ orderId: 7, status: 'error' }],
		[{ orderId: '7', status: 'failed' }],
		[{ data: { orderId: 7, status: 'error' } }],
		[[{ orderId: 7, status: 'error' }]],
		[{ order: { orderId: 7, status: 'error' }, client: { error: 'x' } }],
		[{ orderStatus: 'error', sum: 'error' }],
	])('%j reports no failure', (content) => {
		expect(reportsFailure(content)).toBe(false);
	});
});
