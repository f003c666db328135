import {
	createCallback,
	formFieldParameter,
	tagParameter,
} from '../../../nodes/Calltouch/api/callbacks';

const PHONE = ['phoneNumber', '79160000000'] as const;
const KEY = ['routeKey', 'key'] as const;
const apiError = (errorCode: unknown, errorMessage = 'no') =>
	JSON.stringify({ data: { apiErrorData: { errorCode, errorMessage } } });

describe('The endpoint for callbacks', () => {
	it('is not idempotent, has no lookup, and must not call a phone number twice', () => {
		expect(createCallback).toMatchObject({
			path: '/widget-service/v1/api/widget-request/user-form/create',
			httpMethod: 'POST',
			encoding: 'json',
			token: 'header',
			isIdempotent: false,
			recipient: 'phoneNumber',
		});
		expect(createCallback.lookUp).toBeUndefined();
	});

	it('leaves empty lists out of its JSON', () => {
		expect(createCallback.toJson?.([KEY, PHONE])).toEqual({ routeKey: 'key', phone: PHONE[1] });
	});

	it('sends form fields and tags as lists, the unit ID as a number, and all other values as text', () => {
		expect(
			createCallback.toJson?.([
				KEY,
				PHONE,
				formFieldParameter('formFields.', 'a') as [string, string],
				formFieldParameter('__proto__', 'b') as [string, string],
				tagParameter('x'),
				tagParameter('1'),
				['sessionId', '1234567890123456789'],
				['unitId', '42'],
			]),
		).toEqual({
			routeKey: 'key',
			phone: PHONE[1],
			fields: [
				{ name: 'formFields.', value: 'a' },
				{ name: '__proto__', value: 'b' },
			],
			tags: ['x', '1'],
			sessionId: '1234567890123456789',
			unitId: 42,
		});
	});
});

describe('The response to a new callback', () => {
	it.each<[string, object]>([
		['an ID', { data: { widgetRequestId: 7 } }],
		['an ID as text', { data: { widgetRequestId: '7' } }],
		['an ID and an empty error', { data: { widgetRequestId: 7, apiErrorData: null } }],
		['an ID and a message', { message: 'accepted', data: { widgetRequestId: 7 } }],
	])('is a success if it contains %s', (_what, body) => {
		expect(createCallback.parseResponse(JSON.stringify(body), [])).toEqual(body);
	});

	it.each<[string, unknown]>([
		['no ID', { data: {} }],
		['no data', { widgetRequestId: 7 }],
		['an ID of 0', { data: { widgetRequestId: 0 } }],
		['a negative ID', { data: { widgetRequestId: -7 } }],
		['a fraction as an ID', { data: { widgetRequestId: 7.5 } }],
		['true as an ID', { data: { widgetRequestId: true } }],
		['an API error', { data: { widgetRequestId: 7, apiErrorData: { errorCode: 10003 } } }],
		['violations', { data: { widgetRequestId: 7, validationErrorData: { violations: [1] } } }],
		['success: false', { success: false, data: { widgetRequestId: 7 } }],
		['a list instead of an object', [{ data: { widgetRequestId: 7 } }]],
		['text instead of an object', 'OK'],
	])('is not a success if it contains %s', (_what, body) => {
		expect(createCallback.parseResponse(JSON.stringify(body), [])).toBeUndefined();
	});
});

describe('The advice for a rejected callback', () => {
	it.each([
		[10003, "'Widget Key'"],
		['10003', "'Widget Key'"],
		[10013, "'Phone Number'"],
	])('names the field that the error code %p refers to: %s', (code, field) => {
		expect(createCallback.explain?.(apiError(code))).toContain(field);
	});

	it.each(['Превышен лимит минимального интервала', 'Minimum INTERVAL exceeded'])(
		'tells the user to check whether the client was called recently: %s',
		(message) => {
			const advice = createCallback.explain?.(apiError(10013, message));
			expect(advice).toContain('check whether the client was called');
		},
	);

	it.each([apiError(10007), apiError('toString'), '', 'no', '{}', '{"data":null}'])(
		'is the default for the response body %p',
		(body) => {
			expect(createCallback.explain?.(body)).toBeUndefined();
		},
	);
});
