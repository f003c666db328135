import type { Endpoint } from '../../../nodes/Calltouch/api/endpoint';
import {
	deleteOrder,
	readOrder,
	registerOrder,
	updateOrder,
} from '../../../nodes/Calltouch/api/orders';
import type { ApiResponse, Parameter } from '../../../nodes/Calltouch/api/request';

const MOSCOW = 'Europe/Moscow';
/** Parts of the test names. */
const IS = 'matches';
const IS_NOT = 'does not match';
const PAGE = '\n<!DOCTYPE html><html><head><title>API help</title></head></html>';

describe('The table of endpoints', () => {
	it.each<[Endpoint, string, string, boolean]>([
		[registerOrder, 'register', 'POST', false],
		[updateOrder, 'update-by-id', 'GET', true],
		[readOrder, 'update-by-id', 'GET', true],
		[deleteOrder, 'delete-by-id', 'GET', true],
	])(
		'contains the path and HTTP method of each endpoint, and whether it is idempotent (%#)',
		(endpoint, name, httpMethod, isIdempotent) => {
			expect(endpoint).toMatchObject({
				name,
				path: `/calls-service/RestAPI/orders/${name}/`,
				httpMethod,
				isIdempotent,
			});
		},
	);

	it('marks no endpoint as read-only except the one that reads an order', () => {
		expect(readOrder.isReadOnly).toBe(true);
		expect([registerOrder, updateOrder, deleteOrder].filter((one) => one.isReadOnly)).toEqual([]);
	});

	it('treats a missing order as a success only for a delete request', () => {
		expect(deleteOrder.isDoneWhenNotFound).toBe(true);
		expect(updateOrder.isDoneWhenNotFound).toBe(false);
		expect(registerOrder.isDoneWhenNotFound).toBe(false);
	});

	it('has a lookup only for new orders', () => {
		expect(registerOrder.lookUp).toBeDefined();
		expect(updateOrder.lookUp).toBeUndefined();
		expect(deleteOrder.lookUp).toBeUndefined();
	});
});

describe('A response that confirms success', () => {
	it.each<[Endpoint, ApiResponse]>([
		[registerOrder, { orderId: 7, order: {} }],
		[registerOrder, { orderId: '7' }],
		[registerOrder, { orderId: 7, message: 'Order created; call not found' }],
		[updateOrder, { order: { orderId: 7 }, message: 'Updated, 0 errors' }],
		[deleteOrder, { message: 'Заказ успешно удалён' }],
		[registerOrder, { orderId: 7, status: 'error' }],
		[updateOrder, { order: { orderId: 7 } }],
		[updateOrder, { order: { orderId: '7', status: 'failed' }, session: { error: 'x' } }],
		[readOrder, { order: { orderId: 7 } }],
		[deleteOrder, { deleted: true }],
		[deleteOrder, {}],
		[deleteOrder, { orderId: 7, status: 'error' }],
		[deleteOrder, { message: 'The order is gone' }],
		[deleteOrder, { errorCode: 0, errorMessage: '', data: { apiErrorData: null } }],
	])('is returned unchanged (%#)', (endpoint, answer) => {
		expect(endpoint.parseResponse(JSON.stringify(answer), [])).toEqual(answer);
	});

	it.each(['', '  ', 'OK', 'ok, deleted', '"ok"', 'true', 'null', '1', '[]', '[1]'])(
		'can be %p for a delete request and is returned as an empty object',
		(body) => {
			expect(deleteOrder.parseResponse(body, [])).toEqual({});
		},
	);
});

describe('A request is not confirmed', () => {
	it.each([
		...[
			'Order not found',
			'OrderNotFound',
			'Cannot delete order',
			'Not authorized',
			'Заказ не найден',
		],
		...['Нельзя удалить заказ', 'Доступ запрещён', 'Too many requests', 'Service Unavailable'],
	])('if a delete request returns %j, as text or in a message', (words) => {
		const bodies = [words, { message: words }, { data: { detail: words } }, { messages: [words] }];
		for (const body of bodies)
			expect(deleteOrder.parseResponse(JSON.stringify(body), [])).toBeUndefined();
	});

	it.each([registerOrder, updateOrder, deleteOrder])('if $name returns a web page', (endpoint) => {
		expect(endpoint.parseResponse(PAGE, [])).toBeUndefined();
	});

	it.each([registerOrder, updateOrder, deleteOrder])(
		'if $name returns an order together with an error',
		(endpoint) => {
			const body = { orderId: 7, order: { orderId: 7 } };
			expect(endpoint.parseResponse(JSON.stringify(body), [])).toBeDefined();
			const failed = { ...body, errorCode: '500', errorMessage: 'failed' };
			expect(endpoint.parseResponse(JSON.stringify(failed), [])).toBeUndefined();
		},
	);

	describe.each([registerOrder, updateOrder])('if $name', (endpoint) => {
		it.each([
			...['', 'OK', '{"orderId": 1, "order": {"orde', '[{"orderId": 1}]', 'null', '"1"', '1', '{}'],
			...['{"order": {}, "orderId": ""}', '{"order": {"orderId": ""}}'],
			...['{"order": null, "orderId": null}', '{"order": {"orderId": true}, "orderId": []}'],
			...['{"order": {"orderId": 0}, "orderId": 0}', '{"order": {"orderId": -1}, "orderId": "-1"}'],
			...['{"order": {"orderId": 1.5}, "orderId": 1e400}'],
			...['{"order": {"orderId": "12a"}, "orderId": "12a"}'],
			...['{"order": [{"orderId": 7}], "orderId": [7]}'],
		])('returns the body %p', (body) => {
			expect(endpoint.parseResponse(body, [])).toBeUndefined();
		});
	});

	it('if the response would confirm only a request to another endpoint', () => {
		expect(registerOrder.parseResponse('{"order":{"orderId":7}}', [])).toBeUndefined();
		expect(updateOrder.parseResponse('{"orderId":7}', [])).toBeUndefined();
	});
});

describe('The lookup of a new order', () => {
	const { lookUp } = registerOrder;
	const sentWith = (changed: Record<string, string> = {}): Parameter[] =>
		Object.entries({
			orderNumber: 'N-1',
			orderSum: '6000',
			orderStatus: 'won',
			orderDate: '23.11.2026 14:30:00',
			...changed,
		});
	const FOUND = {
		orderId: 7,
		orderNumber: 'N-1',
		sum: '6000.0000',
		status: 'won',
		dateCreated: Date.parse('2026-11-23T14:30:00+03:00'),
	};
	const isTheSame = (
		found: Record<string, unknown>,
		sent: Record<string, string> = {},
		zone = MOSCOW,
	) => {
		const order = { ...FOUND, ...found };
		const answer = { order, client: null } as unknown as ApiResponse;
		const read = lookUp?.read(answer, sentWith(sent), zone);
		// The lookup returns the order as the create request itself would have returned it.
		if (read !== 'other') expect(read).toEqual(order);
		return read !== 'other';
	};

	it('returns the response that the create request would have returned', () => {
		expect(lookUp?.requests(sentWith(), MOSCOW)).toEqual([
			{ endpoint: readOrder, parameters: [['orderNumber', 'N-1']] },
		]);
	});

	it('is sent as a read-only update', () => {
		expect(readOrder).toMatchObject({
			isReadOnly: true,
			path: updateOrder.path,
			httpMethod: 'GET',
		});
		expect(updateOrder.isReadOnly).toBeUndefined();
	});

	it('is not possible for an order without a number', () => {
		expect(lookUp?.requests([['orderSum', '6000']], MOSCOW)).toEqual([]);
		expect(lookUp?.requests([], MOSCOW)).toEqual([]);
	});

	it('is based only on the number, the sum, the status and the date of the order', () => {
		expect(lookUp?.identifying).toEqual(['orderNumber', 'orderSum', 'orderStatus', 'orderDate']);
	});

	it('identifies the order by its number', () => {
		expect(lookUp?.target(sentWith())).toBe('an order with the number "N-1"');
	});

	it('accepts the order that was sent', () => {
		expect(isTheSame({})).toBe(true);
	});

	it.each<[sum: unknown, verb: string, sent: string]>([
		['6000.0000', IS, '6000'],
		[6000, IS, '6000'],
		['6000', IS, '6000.00'],
		['6000.5000', IS, '6000.5'],
		['0.0000', IS, '0'],
		[0, IS, '0'],
		['0.3333', IS, '0.33333'],
		['99999999999999.9900', IS, '99999999999999.99'],
		['6000.0100', IS_NOT, '6000'],
		['6000.0002', IS_NOT, '6000'],
		['5999.9900', IS_NOT, '6000'],
		['600', IS_NOT, '6000'],
		['-6000.0000', IS_NOT, '6000'],
		['', IS_NOT, '0'],
		[null, IS_NOT, '0'],
		[undefined, IS_NOT, '0'],
		['a lot', IS_NOT, '6000'],
	])(
		'compares sums: the sum %p in the response %s the sum %p in the request',
		(sum, verb, orderSum) => {
			expect(isTheSame({ sum }, { orderSum })).toBe(verb === IS);
		},
	);

	it.each<[status: unknown, verb: string, sent: string]>([
		['won', IS, 'won'],
		[' won ', IS, 'won'],
		['в\u00A0работе\u200B', IS, 'в  работе'],
		['чаи\u0306', IS, 'чай'],
		[5, IS, '5'],
		['Успешно реализовано', IS, 'Успешно реализовано'],
		['Won', IS_NOT, 'won'],
		['lost', IS_NOT, 'won'],
		['', IS_NOT, 'won'],
		[null, IS_NOT, 'won'],
		[undefined, IS_NOT, 'won'],
	])(
		'compares statuses: the status %p in the response %s the status %p in the request',
		(status, verb, orderStatus) => {
			expect(isTheSame({ status }, { orderStatus })).toBe(verb === IS);
		},
	);

	it.each([
		[MOSCOW, '2026-11-23T14:30:00+03:00', IS],
		[MOSCOW, '2026-11-23T14:30:01+03:00', IS_NOT],
		['Asia/Vladivostok', '2026-11-23T14:30:00+10:00', IS],
		['Asia/Vladivostok', '2026-11-23T14:30:00+03:00', IS_NOT],
	])(
		"compares dates in the account's time zone: in %s, %s %s the date in the request",
		(zone, found, verb) => {
			expect(isTheSame({ dateCreated: Date.parse(found) }, {}, zone)).toBe(verb === IS);
		},
	);

	it('accepts no order if the stored data lacks the date, the sum or the status', () => {
		for (const missing of ['orderDate', 'orderSum', 'orderStatus']) {
			const sent = sentWith().filter(([name]) => name !== missing);
			expect(lookUp?.read({ order: FOUND }, sent, MOSCOW)).toBe('other');
		}
	});
});
