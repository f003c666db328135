import type { IDataObject } from 'n8n-workflow';

import type { Parameter } from '../../../nodes/Calltouch/api/request';
import { createRequest } from '../../../nodes/Calltouch/api/requests';

const MOSCOW = 'Europe/Moscow';
const ms = (iso: string) => String(Date.parse(iso));

describe('Response to a new web form request', () => {
	const RECORD = { requestId: 7, requestNumber: 'N-1', status: 'NOT_SET', message: null };

	it.each<[string, object]>([
		['a record', RECORD],
		['an ID as text', { ...RECORD, requestId: '70000000000000001' }],
		['any status of a lead', { ...RECORD, status: 'error' }],
		['an empty message', { ...RECORD, message: '' }],
		['an error code of 0', { ...RECORD, errorCode: 0 }],
	])('a response with %s is a success', (_what, body) => {
		expect(createRequest.parseResponse(JSON.stringify(body), [])).toEqual(body);
	});

	it.each<[string, unknown]>([
		['no ID', { ...RECORD, requestId: undefined }],
		['an ID of 0', { ...RECORD, requestId: 0 }],
		['a message', { ...RECORD, message: 'no' }],
		['a message as an object', { ...RECORD, message: { text: 'no' } }],
		['an errorMessage', { ...RECORD, errorMessage: 'no' }],
		['an errorCode', { ...RECORD, errorCode: '400' }],
		['a list', [RECORD]],
		['a text', 'OK'],
	])('a response with %s is not a success', (_what, body) => {
		expect(createRequest.parseResponse(JSON.stringify(body), [])).toBeUndefined();
	});
});

describe('Lookup of a new web form request', () => {
	const { lookUp } = createRequest;
	const sent = (changed: Record<string, string> = {}): Parameter[] =>
		Object.entries({
			siteId: '10001',
			requestNumber: 'N-1',
			sentAtMs: ms('2026-11-28T12:00:00+03:00'),
			...changed,
		});
	const daysOf = (parameters: Parameter[], zone = MOSCOW) =>
		lookUp?.requests(parameters, zone).map(({ parameters: asked }) => {
			const { siteId, dateFrom, dateTo } = Object.fromEntries(asked);
			expect(siteId).toBe('10001');
			return [dateFrom, dateTo];
		});

	it.each<[string, string, string, string[]]>([
		['of that day', '2026-11-28T12:00:00+03:00', MOSCOW, ['11/28/2026', '11/28/2026']],
		[
			'of both days before midnight',
			'2026-11-28T23:30:00+03:00',
			MOSCOW,
			['11/28/2026', '11/29/2026'],
		],
		[
			'of both days after midnight',
			'2026-11-29T00:30:00+03:00',
			MOSCOW,
			['11/28/2026', '11/29/2026'],
		],
		[
			'of the days in both zones',
			'2026-11-28T20:00:00+03:00',
			'Asia/Vladivostok',
			['11/28/2026', '11/29/2026'],
		],
	])('reads the requests %s', (_days, at, zone, days) => {
		expect(daysOf(sent({ sentAtMs: ms(at) }), zone)).toEqual([days]);
	});

	it('reads the day of the sent date too', () => {
		expect(daysOf(sent({ requestDate: '23.03.2026 14:30:00' }))).toEqual([
			['03/23/2026', '03/23/2026'],
			['11/28/2026', '11/28/2026'],
		]);
	});

	it('changes nothing', () => {
		for (const { endpoint } of lookUp?.requests(sent(), MOSCOW) ?? []) {
			expect(endpoint).toMatchObject({ isReadOnly: true, token: 'parameter', encoding: 'query' });
		}
	});

	it.each(['siteId', 'requestNumber'])('does not exist without %s', (name) => {
		const others = sent().filter(([known]) => known !== name);
		expect(lookUp?.requests(others, MOSCOW)).toEqual([]);
	});

	const found = (requestNumber: unknown, number = 'N-1') => {
		const record = { requestId: 7, requestNumber } as IDataObject;
		const records = [{ requestId: 6, requestNumber: 'N-10' }, record];
		return lookUp?.read({ records }, sent({ requestNumber: number }), MOSCOW) === record;
	};

	it.each<[unknown, string, boolean]>([
		['N-1', 'N-1', true],
		[17, '17', true],
		['Чай  17', 'Чай 17', true],
		['n-1', 'N-1', false],
		['N-2', 'N-1', false],
		[null, 'N-1', false],
	])('compares the number %j with the sent number %j: %s', (given, number, isFound) => {
		expect(found(given, number)).toBe(isFound);
	});

	const [request] = lookUp?.requests(sent(), MOSCOW) ?? [];
	const read = (body: object) =>
		request?.endpoint.parseResponse(JSON.stringify(body), request.parameters) !== undefined;

	it.each<[object, boolean]>([
		[[], true],
		[{ records: [], recordsTotal: 0 }, true],
		[{ records: [{ requestId: 1 }], pageTotal: 1, recordsTotal: 1 }, true],
		[{ records: [{ requestId: 1 }], pageTotal: 2 }, false],
		[{ records: [{ requestId: 1 }], recordsTotal: 2 }, false],
		[{ message: 'Access denied' }, false],
	])('accepts only a complete response: %j, %s', (body, isComplete) => {
		expect(read(body)).toBe(isComplete);
	});
});

it('A new web form request has its own key in the memory and sends no token', () => {
	expect(createRequest).toMatchObject({
		name: 'requests/register',
		httpMethod: 'POST',
		encoding: 'form',
		token: 'none',
		isIdempotent: false,
		record: 'web form request',
		volatile: ['requestDate'],
	});
});
