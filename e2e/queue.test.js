// @ts-check
const assert = require('node:assert/strict');
const { after, before, describe, it } = require('node:test');
const { mp3Of } = require('../simulator/recordings');
const { installDebian, installN8n } = require('./install');
const { eventually } = require('./localServer');
const { startServer, startWorker } = require('./n8n');
const { startNginx } = require('./nginx');
const {
	CANARY_FORMS,
	credentialData,
	example,
	outputsOf,
	siteCredentialData,
	startCalltouch,
} = require('./rig');
const { SERVICES, startPostgres, startRedis } = require('./services');
const { createUserFolder } = require('./userFolder');

const WEBHOOK_CALLS = 60;
const IMPORTED_ITEMS = 100;
const CHANGED_DEALS = 20;
const DELIVERED_CALLS = 20;
const NEW_LEADS = 20;
const WORKERS = 2;
const LIMIT = 5;
const SECOND_MS = 1000;

/**
 * The largest allowed share of 429 responses to requests through nginx. `npm run bench` measures
 * the share exactly. In this test, the simulator responds late, because it shares two cores with
 * n8n's processes.
 */
const MOST_REJECTED = 0.1;

/** @typedef {Awaited<ReturnType<typeof startCalltouch>>} Calltouch */

/** @param {string} prefix @param {number} number */
function deal(prefix, number) {
	return {
		dealNumber: `${prefix}-${number}`,
		amount: 100 + number,
		stage: 'new',
		createdAt: '23.11.2026 10:00:00',
	};
}

describe('Queue mode with Redis, Postgres, one main process and two workers', () => {
	/** @type {Array<() => Promise<void> | void>} cleanup functions, run in reverse order */
	const stops = [];
	/** @type {Awaited<ReturnType<typeof startServer>>} */
	let main;
	/** @type {Array<Awaited<ReturnType<typeof startWorker>>>} */
	const workers = [];
	/** @type {Calltouch} */
	let calltouch;

	before(async () => {
		installDebian(SERVICES);
		const n8n = installN8n();
		const userFolder = createUserFolder();
		stops.push(() => userFolder.remove());
		const redis = await startRedis();
		stops.push(redis.stop);
		const postgres = await startPostgres();
		stops.push(postgres.stop);
		calltouch = await startCalltouch({ latencyMs: 50, jitterMs: 20 });
		stops.push(calltouch.close);
		const environment = {
			EXECUTIONS_MODE: 'queue',
			OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(redis.port),
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(postgres.port),
			DB_POSTGRESDB_DATABASE: 'postgres',
			DB_POSTGRESDB_USER: 'postgres',
			DB_POSTGRESDB_PASSWORD: '',
			N8N_LOG_LEVEL: 'info',
		};
		main = await startServer(n8n, userFolder.folder, environment);
		stops.push(main.stop);
		await main.client.setUpOwner();
		for (let started = 0; started < WORKERS; started++) {
			const worker = await startWorker(n8n, userFolder.folder, environment);
			workers.push(worker);
			stops.push(worker.stop);
		}
	});
	after(async () => {
		for (const stop of stops.reverse()) await stop();
	});

	/**
	 * Calls a webhook and runs an import at the same time. Checks that each order is stored once.
	 *
	 * @param {string} path of the webhook
	 * @param {string} baseUrl
	 * @param {Calltouch} calltouch
	 */
	async function checkStoredOnce(path, baseUrl, calltouch) {
		const { client } = main;
		const credential = await client.createCredential(path, credentialData(baseUrl));
		const single = await client.createWorkflow(example('4', { path, deals: [] }), credential);
		await client.activate(single);
		const imported = Array.from({ length: IMPORTED_ITEMS }, (_, number) => deal('import', number));
		const importing = await client.createWorkflow(example('4', { deals: imported }), credential);

		const [execution, ...responses] = await Promise.all([
			client.runByHand(importing, 'CRM'),
			...Array.from({ length: WEBHOOK_CALLS }, async (_, number) => {
				const response = await client.callWebhook(path, deal('call', number));
				return { status: response.status, answer: await response.json() };
			}),
		]);
		assert.equal(execution.status, 'success');
		assert.deepEqual(
			responses.filter(({ status }) => status !== 200),
			[],
		);

		const numbers = calltouch.orders.map(({ orderNumber }) => String(orderNumber)).sort();
		const expected = [
			...imported.map(({ dealNumber }) => dealNumber),
			...responses.map((_, number) => `call-${number}`),
		].sort();
		assert.deepEqual(numbers, expected);
		const registered = calltouch.received.filter(
			({ path: to, status }) => to.includes('/register/') && status === 200,
		);
		assert.equal(registered.length, expected.length, 'an order was registered twice');
		checkLimit(registered.map(({ arrivedMs }) => arrivedMs));
	}

	it(`${WEBHOOK_CALLS} webhook calls and an import of ${IMPORTED_ITEMS} items create each order only once when two workers share them`, async () => {
		await checkStoredOnce('queue-deals', calltouch.url, calltouch);
	});

	it('the same calls and items create each order only once through nginx, with hardly any 429 responses and without the token in the log', async () => {
		const behindNginx = await startCalltouch({ latencyMs: 50, jitterMs: 20 });
		stops.push(behindNginx.close);
		const nginx = await startNginx(behindNginx.url);
		stops.push(nginx.stop);
		await checkStoredOnce('nginx-deals', nginx.url, behindNginx);

		const written = nginx.written();
		const answered = written.match(/, limit: /g) ?? [];
		assert.ok(answered.length >= WEBHOOK_CALLS + IMPORTED_ITEMS, 'some requests bypassed nginx');
		const rejected = written.match(/ 429, limit: /g) ?? [];
		assert.ok(
			rejected.length <= MOST_REJECTED * answered.length,
			`${rejected.length} of ${answered.length} were rejected`,
		);
		for (const form of CANARY_FORMS) assert.ok(!written.includes(form), 'the token is in a log');
	});

	it('Create or Update creates only one order for a new deal that arrives twice at the same time', async () => {
		const { client } = main;
		const path = 'changed-deals';
		const credential = await client.createCredential(path, credentialData(calltouch.url));
		const changed = await client.createWorkflow(example('8', { path }), credential);
		await client.activate(changed);
		const answers = await Promise.all(
			Array.from({ length: 2 * CHANGED_DEALS }, async (_, call) => {
				const body = { ...deal('changed', call % CHANGED_DEALS), phone: '+7 900 555-00-55' };
				const response = await client.callWebhook(path, body);
				return { status: response.status, answer: await response.json() };
			}),
		);
		assert.deepEqual(
			answers.filter(({ status }) => status !== 200),
			[],
		);
		const numbers = calltouch.orders
			.map(({ orderNumber }) => String(orderNumber))
			.filter((number) => number.startsWith('changed-'));
		assert.equal(numbers.length, CHANGED_DEALS);
		assert.equal(new Set(numbers).size, CHANGED_DEALS);
	});

	it('a new lead that arrives twice at the same time becomes only one web form request and one order', async () => {
		const { client } = main;
		const path = 'new-leads';
		const credential = await client.createCredential(path, siteCredentialData(calltouch));
		const workflow = await client.createWorkflow(example('20', { path }), credential);
		await client.activate(workflow);
		const calls = Array.from({ length: 2 * NEW_LEADS }, (_, call) => call % NEW_LEADS);
		const responses = await Promise.all(
			calls.map(async (number) => {
				const body = {
					...deal('new', number),
					leadNumber: `lead-${number}`,
					form: 'Telegram bot',
					phone: `+7 900 555-01-${String(number).padStart(2, '0')}`,
				};
				const response = await client.callWebhook(path, body);
				return { number, status: response.status, answer: await response.text() };
			}),
		);
		const expected = Array.from({ length: NEW_LEADS }, (_, number) => number);
		for (const number of expected) {
			const ofLead = responses.filter((response) => response.number === number);
			assert.ok(
				ofLead.some(({ status }) => status === 200),
				JSON.stringify(ofLead),
			);
		}
		const requestNumbers = calltouch.leads
			.map(({ foreignId }) => String(foreignId))
			.filter((number) => number.startsWith('lead-'))
			.sort();
		assert.deepEqual(requestNumbers, expected.map((number) => `lead-${number}`).sort());
		const linked = calltouch.orders
			.filter(({ orderNumber }) => String(orderNumber).startsWith('new-'))
			.map(({ orderNumber, lead }) => `${orderNumber} ${lead?.foreignId}`)
			.sort();
		assert.deepEqual(linked, expected.map((number) => `new-${number} lead-${number}`).sort());
	});

	it('Get Many finds a call on a worker', async () => {
		const { client } = main;
		const { id, phone } = calltouch.addCall();
		calltouch.addCall();
		const parameters = {
			resource: 'call',
			operation: 'getAll',
			from: '={{ $now.minus({ hours: 1 }) }}',
			filters: { phoneNumber: phone },
		};
		const credential = await client.createCredential('Reading', siteCredentialData(calltouch));
		const workflow = example('4', { deals: [deal('reading', 0)], settings: { parameters } });
		const execution = await client.runByHand(
			await client.createWorkflow(workflow, credential),
			'CRM',
		);
		assert.equal(execution.status, 'success', execution.raw);
		assert.deepEqual(
			outputsOf(execution)[0]?.map(({ callId }) => callId),
			[Number(id)],
		);
	});

	it('a recording that a worker downloads is available in the editor of the main process', async () => {
		const { client } = main;
		const { id } = calltouch.addCall();
		const parameters = { resource: 'call', operation: 'downloadRecording', callId: id };
		const credential = await client.createCredential('Files', siteCredentialData(calltouch));
		const workflow = example('4', { deals: [deal('file', 0)], settings: { parameters } });
		const execution = await client.runByHand(
			await client.createWorkflow(workflow, credential),
			'CRM',
		);
		assert.equal(execution.status, 'success', execution.raw);
		const [item] = execution.data.resultData.runData.Calltouch[0].data.main[0];
		assert.equal(item.json.callId, Number(id));
		assert.deepEqual(await client.file(item.binary.data), mp3Of(id));
	});

	it('each call from Calltouch becomes one order, even if many calls arrive at the same time', async () => {
		const { client } = main;
		const credential = await client.createCredential('Trigger', credentialData(calltouch.url));
		const workflow = await client.createWorkflow({ ...example('13'), pinData: {} }, credential);
		await client.activate(workflow);
		const [trigger] = workflow.nodes;
		const url = `${client.url}/webhook/${trigger.webhookId}/calltouch`;
		const calls = Array.from({ length: DELIVERED_CALLS }, () => calltouch.addCall());
		const answers = await Promise.all(
			calls.map(async (lead) => await calltouch.deliver(url, { event: 'end', lead })),
		);
		assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
		const linked = () =>
			calltouch.orders
				.filter(({ orderNumber }) => String(orderNumber).startsWith('deal-'))
				.map(({ lead }) => lead?.id)
				.sort();
		await eventually('each call has its order', () => linked().length >= DELIVERED_CALLS);
		assert.deepEqual(linked(), calls.map(({ id }) => id).sort());
	});

	it('both workers run executions', async () => {
		await eventually('both workers have finished an execution', () =>
			workers.every((worker) => /finished execution/i.test(worker.log())),
		);
	});
});

/**
 * Checks that the simulator accepted no more requests than the limit allows in any second, which
 * also proves that the limit was enforced.
 *
 * @param {number[]} takenMs
 */
function checkLimit(takenMs) {
	const sorted = [...takenMs].sort((a, b) => a - b);
	for (const [index, ms] of sorted.entries()) {
		const sixth = sorted[index + LIMIT];
		if (sixth !== undefined)
			assert.ok(
				sixth - ms >= SECOND_MS - 1,
				'the simulator accepted more requests than the limit allows',
			);
	}
	const seconds = (Number(sorted[sorted.length - 1]) - Number(sorted[0])) / SECOND_MS;
	assert.ok(sorted.length / seconds > LIMIT / 2, 'two workers used less than half of the limit');
}
