import type { IDataObject } from 'n8n-workflow';

import type { Parameter } from '../../../nodes/Calltouch/api/request';
import { createRequest } from '../../../nodes/Calltouch/api/requests';

const MOSCOW = 'Europe/Moscow';
const ms = (iso: string) => String(Date.parse(iso));

describe('The response to a new web form request', () => {
	const RECORD = { requestId: 7, requestNumber: 'N-1', status: 'NOT_SET', message: null };

	it.each<[string, object]>([
		['a record', RECORD],
		['an ID as text', { ...RECORD, requestId: '70000000000000001' }],
		['any lead status', { ...RECORD, status: 'error' }],
		['an empty message', { ...RECORD, message: '' }],
		['an error code of 0', { ...RECORD, errorCode: 0 }],
	])('is a success if it contains %s', (_what, body) => {
		expect(createRequest.parseResponse(JSON.stringify(body), [])).toEqual(body);
	});

	it.each<[string, unknown]>([
		['no ID', { ...RECORD, requestId: undefined }],
		['an ID of 0', { ...RECORD, requestId: 0 }],
		['a message', { ...RECORD, message: 'no' }],
		['an object as the message', { ...RECORD, message: { text: 'no' } }],
		['an errorMessage', { ...RECORD, errorMessage: 'no' }],
		['an errorCode', { ...RECORD, errorCode: '400' }],
		['a list instead of a record', [RECORD]],
		['text instead of a record', 'OK'],
	])('is not a success if it contains %s', (_what, body) => {
		expect(createRequest.parseResponse(JSON.stringify(body), [])).toBeUndefined();
	});
});

describe('The lookup of a new web form request', () => {
	const { lookUp } = createRequest;
	const sent = (changed: Record<string, string> = {}): Parameter[] =>
		Object.entries({
			siteId: '10001',
			requestNumber: 'N-1',
			phoneNumber: '79161234567',
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
		['of the same day', '2026-11-28T12:00:00+03:00', MOSCOW, ['11/28/2026', '11/28/2026']],
		[
			'of two days if the request was created shortly before midnight',
			'2026-11-28T23:30:00+03:00',
			MOSCOW,
			['11/28/2026', '11/29/2026'],
		],
		[
			'of two days if the request was created shortly after midnight',
			'2026-11-29T00:30:00+03:00',
			MOSCOW,
			['11/28/2026', '11/29/2026'],
		],
		[
			'of two days if the date differs between the time zones',
			'2026-11-28T20:00:00+03:00',
			'Asia/Vladivostok',
			['11/28/2026', '11/29/2026'],
		],
	])('reads the web form requests %s', (_days, at, zone, days) => {
		expect(daysOf(sent({ sentAtMs: ms(at) }), zone)).toEqual([days]);
	});

	it('also covers the day of the date that was sent', () => {
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

	it.each(['siteId', 'requestNumber'])('is not possible without %s', (name) => {
		const others = sent().filter(([known]) => known !== name);
		expect(lookUp?.requests(others, MOSCOW)).toEqual([]);
	});

	const CLIENT = { fio: 'Анна', phones: [{ phoneNumber: '79161234567' }], contacts: null };
	const readOf = (record: object, parameters = sent()) => {
		const records = [{ requestId: 6, requestNumber: 'N-10', client: CLIENT }, record];
		const read = lookUp?.read({ records } as IDataObject, parameters, MOSCOW);
		return read === record ? 'same' : read;
	};
	const found = (requestNumber: unknown, number = 'N-1') =>
		readOf({ requestId: 7, requestNumber, client: CLIENT }, sent({ requestNumber: number })) ===
		'same';

	it.each<[unknown, string, boolean]>([
		['N-1', 'N-1', true],
		[17, '17', true],
		['Чай  17', 'Чай 17', true],
		['n-1', 'N-1', false],
		['N-2', 'N-1', false],
		[null, 'N-1', false],
	])(
		'compares the number %j that was found with the number %j that was sent: %s',
		(given, number, isFound) => {
			expect(found(given, number)).toBe(isFound);
		},
	);

	const ofClient = (client: object | null, times: object = {}) => ({
		requestId: 7,
		requestNumber: 'N-1',
		client,
		...times,
	});
	const contact = (contactValue: string) => ({ contacts: [{ contactValue }] });
	const bare = sent().filter(([name]) => name !== 'phoneNumber');

	it.each<[string, object, Parameter[], 'same' | 'other']>([
		[
			'the same phone number in another form is accepted',
			{ phones: [{ phoneNumber: '89161234567' }] },
			sent(),
			'same',
		],
		[
			'another phone number is rejected',
			{ phones: [{ phoneNumber: '79160000000' }] },
			sent(),
			'other',
		],
		[
			'one matching phone number of several is enough',
			{ phones: [{ phoneNumber: '7000' }, ...CLIENT.phones] },
			sent(),
			'same',
		],
		['a missing contact is rejected', {}, sent(), 'other'],
		[
			'the same email in capitals is accepted',
			contact('A@B.RU'),
			[...bare, ['email', 'a@b.ru']],
			'same',
		],
		['another email is rejected', contact('c@b.ru'), [...bare, ['email', 'a@b.ru']], 'other'],
		['an email that was not sent is ignored', { ...CLIENT, ...contact('c@b.ru') }, sent(), 'same'],
		[
			'another email with the same phone number is rejected',
			{ ...CLIENT, ...contact('c@b') },
			sent({ email: 'a@b' }),
			'other',
		],
		['the same name in capitals is accepted', { fio: 'АННА' }, [...bare, ['fio', 'Анна']], 'same'],
		['another name is rejected', CLIENT, sent({ fio: 'Олег' }), 'other'],
		[
			'a missing name is ignored',
			{ ...CLIENT, fio: '<не указано>' },
			sent({ fio: 'Олег' }),
			'same',
		],
	])('compares the contact: %s', (_what, client, parameters, result) => {
		expect(readOf(ofClient(client), parameters)).toBe(result);
	});

	it.each<[string, string, 'same' | 'other']>([
		['the time of arrival is accepted', '2026-11-28T11:59:30+03:00', 'same'],
		['the time of a wrong clock is accepted', '2026-11-28T12:50:00+03:00', 'same'],
		['a time three hours earlier is rejected', '2026-11-28T09:00:00+03:00', 'other'],
		['the date that was sent is accepted', '2026-11-27T14:30:00+03:00', 'same'],
	])('compares the date: %s', (_what, date, result) => {
		const parameters = sent({ requestDate: '27.11.2026 14:30:00' });
		expect(readOf(ofClient(CLIENT, { date: Date.parse(date) }), parameters)).toBe(result);
	});

	it('accepts a web form request with a date but no time, or without a date', () => {
		expect(readOf(ofClient(CLIENT, { dateStr: '28/11/2026' }))).toBe('same');
		expect(readOf(ofClient(CLIENT, { date: null }))).toBe('same');
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
	])('accepts the response %j only if it is complete: %s', (body, isComplete) => {
		expect(read(body)).toBe(isComplete);
	});
});

it('A new web form request has its own key in the memory and is sent without a token', () => {
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
