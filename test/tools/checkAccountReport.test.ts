import * as fc from 'fast-check';

import { shapeOf } from '../../tools/checkAccount/jsonShape';
import { errorText } from '../../tools/checkAccount/errorText';
import { checkResponses } from '../support/accountCheck';
import { CANARY } from '../support/calltouch';
import { leaks } from '../support/secrets';

/** Made-up personal data in the forms in which responses could contain it. */
const PERSONAL = [
	'79161234567',
	'+7 (916) 123-45-67',
	'8-916-123-45-67',
	'Пётр Семёнович Кузнецов',
	'Кузнецов',
	'petr',
	'PetrKuznetsov',
	'petr.kuznetsov@example.com',
	'ул. Лесная, д. 5, кв. 12',
	'Лесная',
	'Lesnaya Street 5, Moscow',
	'192.0.2.17',
	'1700000000000000001',
	'4d2f8a5e-91c3-4b7d-a6e0-5f3c2b1d9e87',
	'https://shop.example/cart?phone=79161234567',
	'n8n-check-79161234567',
	'n8n-check-abcdefgh-1-Кузнецов',
	CANARY,
];
/** Parts of the personal data that would identify a person. */
const PIECES =
	/9161234567|916|123-45-67|кузнецов|семёнович|п[её]тр(?!о)|petr|kuznetsov|лесная|lesnaya|example\.com|shop\.example|192\.0|1700000000|4d2f8a5e|whr/i;

/** A response with personal data in all records, errors and keys that the check reads. */
function personalBody(request: number): unknown {
	const value = PERSONAL[request % PERSONAL.length] ?? '';
	const all = PERSONAL.join(' ');
	const people = Object.fromEntries(PERSONAL.map((text) => [text, text]));
	const record = {
		...people,
		orderId: 7811141,
		orderNumber: value,
		status: value,
		sum: value,
		dateCreated: value,
		date: value,
		callId: Number(value) || value,
		client: { fio: value, phones: [{ phoneNumber: value, [value]: [people] }] },
		[`order${value}`]: { [value]: value },
		error: { errorCode: value, errorMessage: all },
	};
	const errors = {
		message: `order ${all}`,
		errorMessage: all,
		errorCode: value,
		data: {
			...people,
			message: all,
			orders: [record],
			apiErrorData: { errorCode: 10013, errorMessage: `not found: ${value}` },
			validationErrorData: { violations: [{ message: value }, value, null, people] },
		},
	};
	const bodies = [record, errors, { records: [record, record], pageTotal: 3 }, [record], value];
	return bodies[request % bodies.length];
}

const STATUSES = [400, 200, 404, 500, 200, 422];

it.each([
	['JSON', (request: number) => JSON.stringify(personalBody(request))],
	['text', (request: number) => `Order not found: ${PERSONAL[request % PERSONAL.length]}`],
	['incomplete JSON', (request: number) => JSON.stringify(personalBody(request)).slice(0, -1)],
	['web pages', () => `<!doctype html><html><title>${PERSONAL.join(' ')}</title></html>`],
])(
	'The report on responses full of personal data contains no personal data: %s',
	async (_what, body) => {
		const { text, log, exchanges } = await checkResponses(
			(request, url) => ({
				status: request === 0 ? 400 : (STATUSES[request % STATUSES.length] ?? 200),
				body: `${body(request)}${request % 7 === 0 ? '' : ' '}`,
				headers: {
					'content-type': request % 2 ? 'application/json; name=petr' : 'petr/kuznetsov',
					'retry-after': '79161234567',
					location: `${encodeURI(url)}&name=petr`,
				},
			}),
			CANARY,
		);
		expect(exchanges.length).toBeGreaterThan(50);
		const written = [text, ...log].join('\n');
		expect(leaks(written, CANARY)).toEqual([]);
		expect(PERSONAL.filter((personal) => written.includes(personal))).toEqual([]);
		expect(PIECES.exec(written)?.[0]).toBeUndefined();
		expect(written).not.toMatch(/\d{6,}(?!.{0,3}-\d)/);
	},
);

it('The account check writes a report whatever the responses are', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.tuple(fc.constantFrom(200, 201, 204, 400, 404, 429, 500), fc.json()), {
				minLength: 1,
				maxLength: 20,
			}),
			async (responses) => {
				const { text } = await checkResponses((request) => {
					const [status = 400, body = ''] = responses[request % responses.length] ?? [];
					return { status, body, headers: {} };
				}, CANARY);
				expect(text).toContain('# Account report');
			},
		),
		{ numRuns: 25 },
	);
});

describe('The error text', () => {
	it.each([
		[
			'orderNumber n8n-check-mx0sgwz7-1 already exists',
			'orderNumber n8n-check-mx0sgwz7-1 already exists',
		],
		['Сделка с таким номером уже существует', 'Сделка с таким номером уже существует'],
		[
			'При обработке вашего запроса произошла ошибка. Обратитесь в службу технической поддержки.',
			'При обработке вашего запроса произошла ошибка. Обратитесь в службу технической поддержки.',
		],
		['order of Petr Kuznetsov, +7 916 123-45-67', 'order of …, #'],
		['token abc123def is invalid', 'token … is invalid'],
		['order petr@example.com not found', 'order … not found'],
		['client Max Mark not found', 'client … not found'],
	])('contains only known words and our own values from the message: %s', (message, expected) => {
		expect(errorText({ status: 400, body: '', json: { message } })).toBe(expected);
	});

	it.each([
		[
			{ data: { apiErrorData: { errorCode: 10013, errorMessage: 'wrong phone number' } } },
			'wrong phone number (error code 10013)',
		],
		[{ data: { validationErrorData: { violations: [{ message: 'required' }] } } }, 'required'],
		[{ errorCode: '500', message: 'error' }, 'error (error code 500)'],
		[{ message: { petr: 1 } }, ''],
		[null, ''],
	])('contains the message and the code from %j', (json, expected) => {
		expect(errorText({ status: 200, body: '', json })).toBe(expected);
	});
});

describe('The shape of a response', () => {
	it.each([
		[{ orderId: 1, callId: null }, '{ orderId: number; callId: null }'],
		[
			[{ date: '21/11/2026 13:00:05' }, { date: null, id: 1 }],
			'{ date: null | string (nn/nn/nnnn nn:nn:nn); id?: number }[]',
		],
		[{ status: 'n8n-check', sum: '1.0000' }, '{ status: "n8n-check"; sum: string (decimal) }'],
		[{ petr: 1, ivan: 'x' }, '{ [hidden key]: number | string }'],
		[{ ids: [1, 'x'], tags: [] }, '{ ids: (number | string)[]; tags: [] }'],
		['79161234567', 'string (digits)'],
	])('such as %j contains no values except our own', (value, expected) => {
		expect(shapeOf(value)).toBe(expected);
	});
});
