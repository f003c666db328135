import type { INode } from 'n8n-workflow';

import { NEW_ORDER, run, startSimulator, type Simulator } from '../support/calltouch';
import { DEAL, RETRY_ON_FAIL, UPSERT } from '../support/numberedOrders';
import { answering, answeringAfterwards, striking, timesSent } from '../support/strikes';

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator({ rules: { repeatedNumbers: 'taken' } });
});

const NUMBER = DEAL.number;
const OPERATIONS: Record<string, INode['parameters']> = {
	create: { ...NEW_ORDER, orderNumber: NUMBER },
	createByContact: {
		...NEW_ORDER,
		operation: 'createByContact',
		orderNumber: NUMBER,
		phoneNumber: '+7 920 555-00-55',
	},
	upsert: { ...NEW_ORDER, operation: 'upsert', orderNumber: NUMBER },
	update: { operation: 'update', orderNumber: NUMBER, updateFields: { status: 'won' } },
};
const DELETE = { operation: 'delete', orderNumber: NUMBER };

const orderBody = (orderId: unknown) => `{"orderId":${orderId},"order":{"orderId":${orderId}}}`;

describe('Delete', () => {
	beforeEach(async () => {
		await run(simulator, { parameters: UPSERT, items: [DEAL] });
	});

	it.each([
		[200, ''],
		[200, '\uFEFF'],
		[200, 'OK'],
		[200, '"ok"'],
		[200, 'true'],
		[200, 'null'],
		[200, '[]'],
		[200, '{}'],
		[200, '{"message":"The order is deleted"}'],
		[200, '{"orderId":7,"status":"error"}'],
		[200, '{"result":"deleted"}'],
		[200, '{"code":0,"message":"success"}'],
		[200, '{"code":"200","message":"OK"}'],
		[200, '{"message":"Order 7811141 deleted"}'],
		[200, '{"message":"Order with ID 7811141 was deleted successfully"}'],
		[200, 'Order #K2TU/sm-7 has been deleted.'],
		[200, '{"message":"Сделка с номером «CRM-10025431» успешно удалена"}'],
		[200, 'Заказ № 7811141 удалён'],
		[200, '{"data":null,"failed":false}'],
		[200, '{"success":true,"errorCode":0,"errors":[],"error":null}'],
		[201, ''],
		[202, ''],
		[204, ''],
		[206, '{}'],
	])('treats HTTP %i with the body %p as a successful deletion', async (status, body) => {
		simulator.setIntercept(answeringAfterwards(status, body));
		const { items } = await run(simulator, { parameters: DELETE });
		expect(items.map(({ json }) => json)).toEqual([{ deleted: true, orderNumber: NUMBER }]);
	});

	it.each([
		[200, '<!-- a page --><h1>Not found</h1>'],
		[200, '\uFEFF\n<?xml version="1.0"?><error/>'],
		[200, '{"deleted":true'],
		[200, '[{"deleted":true}'],
		[200, "{'deleted':true}"],
		[200, 'callback({"deleted":true});'],
		[200, 'false'],
		[200, '"error"'],
		[200, 'ERROR: no such order'],
		[200, '{"deleted":false}'],
		[200, '{"result":"error"}'],
		[200, '{"result":"not deleted"}'],
		[200, 'Order 7811141 was not deleted'],
		[200, '{"message":"Сделка 7811141 не удалена"}'],
		[200, 'Deleted 0'],
		[200, '0 orders deleted'],
		[200, '{"code":10003}'],
		[200, '{"failed":true}'],
		[200, '{"fault":{"faultstring":"Access denied"}}'],
		[200, '{"state":"failed"}'],
		[200, '{"httpStatus":403,"title":"Forbidden"}'],
		[200, '{"data":{"error":{"code":7}}}'],
		[200, '{"response":{"success":"false"}}'],
		[200, '{"status":404,"message":"No such order"}'],
		[200, '[{"orderId":7},{"errorCode":"500"}]'],
		[201, '{"error":"No such order"}'],
		[202, '<html></html>'],
		[206, '{"deleted"'],
		[303, ''],
	])('does not treat HTTP %i with the body %p as a successful deletion', async (status, body) => {
		simulator.setIntercept(answering(status, body));
		const { error } = await run(simulator, { parameters: DELETE });
		expect(error.message).toContain('Could not confirm that the order was deleted');
		expect(error.description).toContain('Deleting it again is safe');
		expect(timesSent(simulator, 'delete')).toBe(1);
	});
});

describe.each(Object.entries(OPERATIONS))('%s', (operation, parameters) => {
	const isCreation = operation.startsWith('create');
	beforeEach(async () => {
		if (!isCreation) await run(simulator, { parameters: UPSERT, items: [DEAL] });
	});

	it.each(['7', '"7"', '"1234567890123456789"', '1234567890123456789'])(
		'accepts the order ID %s',
		async (id) => {
			simulator.setIntercept(answeringAfterwards(200, orderBody(id)));
			const { items } = await run(simulator, { parameters });
			expect(String(items[0]?.json.orderId)).toBe(id.replaceAll('"', ''));
		},
	);

	it.each(['0', '-1', '1.5', '"12a"', '"0"', 'true', 'null', '1e400', '[7]', '{"id":7}'])(
		'does not accept the order ID %s',
		async (id) => {
			simulator.setIntercept(answering(200, orderBody(id)));
			const { error } = await run(simulator, { parameters });
			expect(error.message).toMatch(/^Could not confirm that the order was/);
		},
	);

	it.each([201, 202, 203, 206])(
		'accepts HTTP %i if the response contains the order',
		async (status) => {
			simulator.setIntercept(answeringAfterwards(status, orderBody(7)));
			const { items } = await run(simulator, { parameters });
			expect(items[0]?.json).toMatchObject({ orderId: 7 });
		},
	);

	it.each([201, 202, 204])(
		'does not accept HTTP %i if the response does not contain the order',
		async (status) => {
			simulator.setIntercept(answering(status));
			const { error } = await run(simulator, { parameters });
			expect(error.message).toMatch(/^Could not confirm that the order was/);
		},
	);

	it.each(['error', 'failed', 'rejected', '500', 'Ошибка'])(
		'succeeds if the status of the order is %p',
		async (status) => {
			const changed =
				operation === 'update' ? { updateFields: { status } } : { orderStatus: status };
			const { items } = await run(simulator, { parameters: { ...parameters, ...changed } });
			expect(items[0]?.json).toMatchObject({ orderNumber: NUMBER, status });
			expect(simulator.orders).toHaveLength(1);
		},
	);

	it('decodes a response that is declared as windows-1251', async () => {
		const status = Buffer.from([0xcd, 0xee, 0xe2, 0xfb, 0xe9]);
		const json = orderBody('7,"status":"?"').split('?');
		const body = Buffer.concat(
			json.flatMap((part, index) => (index > 0 ? [status] : []).concat(Buffer.from(part))),
		);
		const headers = { 'content-type': 'application/json; charset=windows-1251' };
		simulator.setIntercept(answeringAfterwards(200, body, headers));
		const { items } = await run(simulator, { parameters });
		expect(items[0]?.json.status).toBe('Новый');
	});

	it.each(['windows-1251', 'ISO-8859-1'])(
		'reads a response with the character \uFFFD as UTF-8 even if it is declared as %s',
		async (charset) => {
			const body = Buffer.from(orderBody('7,"status":"Новый \uFFFD"'));
			const headers = { 'content-type': `application/json; charset=${charset}` };
			simulator.setIntercept(answeringAfterwards(200, body, headers));
			const { items } = await run(simulator, { parameters });
			expect(items[0]?.json.status).toBe('Новый \uFFFD');
		},
	);

	it('reports that a proxy rejected the request, and Retry On Fail resends the request', async () => {
		simulator.setIntercept(striking('', 1, answering(407)));
		const { items } = await run(simulator, { parameters, nodeSettings: RETRY_ON_FAIL });
		expect(items).toHaveLength(1);
		simulator.setIntercept(answering(407));
		const { error } = await run(simulator, { parameters });
		expect(error.message).toMatch(/requires a valid user name and password\. Nothing was sent/);
		expect(error.description).toContain('HTTPS_PROXY');
	});
});

describe('A new order whose request was redirected', () => {
	const orders = (number: string) => ({ ...NEW_ORDER, orderNumber: number });

	it.each([302, 303, 304])(
		'is not created again by Retry On Fail if HTTP %i arrives after it was created',
		async (status) => {
			simulator.setIntercept(striking('register', 1, answeringAfterwards(status, '')));
			const { items } = await run(simulator, {
				parameters: orders(NUMBER),
				nodeSettings: RETRY_ON_FAIL,
			});
			expect(items[0]?.json.orderNumber).toBe(NUMBER);
			expect(simulator.orders).toHaveLength(1);
		},
	);

	it.each([302, 303, 304])('is never resent after HTTP %i if it has no number', async (status) => {
		simulator.setIntercept(striking('register', 1, answeringAfterwards(status, '')));
		const { error } = await run(simulator, {
			parameters: orders(''),
			nodeSettings: RETRY_ON_FAIL,
		});
		expect(error.message).toContain('Could not confirm that the order was created');
		expect(simulator.orders).toHaveLength(1);
	});

	it.each([301, 307, 308])(
		'is treated as not created after HTTP %i without a Location header',
		async (status) => {
			simulator.setIntercept(striking('register', 1, answering(status)));
			const { items } = await run(simulator, {
				parameters: orders(''),
				nodeSettings: RETRY_ON_FAIL,
			});
			expect(items).toHaveLength(1);
			expect(simulator.orders).toHaveLength(1);
		},
	);
});

it.each(['9'.repeat(400), '99999999', 'Fri, 31 Dec 9999 23:59:59 GMT'])(
	'The message reports a wait of more than a day as one day: Retry-After %s',
	async (retryAfter) => {
		simulator.setIntercept(answering(429, '', { 'retry-after': retryAfter }));
		const { error } = await run(simulator, { parameters: NEW_ORDER });
		expect(error.description).toContain('asks n8n to wait another 86400 s.');
	},
);
