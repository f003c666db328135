// @ts-check
const assert = require('node:assert/strict');
const { randomUUID } = require('node:crypto');
const { after, before, describe, it } = require('node:test');
const { installMiddleN8n, installN8n, installOldN8n } = require('./install');
const { eventually } = require('./localServer');
const { example, startRig } = require('./rig');

/** @typedef {Awaited<ReturnType<typeof startRig>>} Rig */

const TRIGGER = 'n8n-nodes-calltouch.calltouchTrigger';
const ENDED = {
	leadtype: 'call',
	callphase: 'calldisconnected',
	id: '100001',
	changedFields: 'callphase,duration,status',
	callerphone: '79000000001',
	phonenumber: '74950000003',
	timestamp: '1795255205',
	duration: '42',
	status: 'successful',
	source: 'yandex',
	medium: 'cpc',
	utm_campaign: '<не указано>',
	siteId: '10001',
};
const STARTED = { ...ENDED, callphase: 'callconnected', changedFields: 'null' };
const PLACEHOLDERS = { leadtype: '{leadtype}', id: '{id}', callerphone: '{callerphone}' };
const OUTPUT = {
	event: 'callEnded',
	eventKey: 'callEnded:10001:100001',
	callId: 100001,
	date: '2026-11-21T13:00:05.000+03:00',
	callerNumber: '79000000001',
	phoneNumber: '74950000003',
	duration: 42,
	successful: true,
	source: 'yandex',
	medium: 'cpc',
	utmCampaign: null,
	callReferenceId: null,
	siteId: 10001,
};

/**
 * @param {Record<string, unknown>} [parameters]
 * @returns {import('../tools/engine').WorkflowFile}
 */
function triggerWorkflow(parameters = {}) {
	return {
		name: 'New webhooks',
		nodes: [
			{
				id: '1',
				name: 'Calltouch Trigger',
				type: TRIGGER,
				typeVersion: 1,
				position: [0, 0],
				webhookId: randomUUID(),
				parameters: /** @type {any} */ (parameters),
			},
		],
		connections: {},
	};
}

/**
 * The output of an execution's trigger.
 *
 * @param {import('./n8n').Execution} execution
 * @returns {any[]}
 */
function outputOf({ data }) {
	const [run] = data.resultData.runData['Calltouch Trigger'] ?? [];
	return (run?.data?.main?.[0] ?? []).map((/** @type {any} */ { json }) => json);
}

for (const install of [installN8n, installMiddleN8n, installOldN8n]) {
	const n8n = install();
	describe(`Trigger in n8n ${n8n.version}`, () => {
		/** @type {Rig} */
		let rig;
		before(async () => {
			rig = await startRig(n8n);
		});
		after(async () => await rig?.stop());

		/**
		 * Creates a workflow with the trigger, and returns functions that send webhooks to it.
		 *
		 * @param {Record<string, unknown>} [parameters]
		 */
		async function create(parameters) {
			const { client, credential } = rig;
			const workflow = await client.createWorkflow(triggerWorkflow(parameters), credential);
			const path = `${workflow.nodes[0].webhookId}/calltouch`;
			/**
			 * @param {string} url
			 * @param {unknown} [body]
			 * @param {string} [method]
			 * @param {Record<string, string>} [headers]
			 */
			const send = async (url, body, method = 'POST', headers = {}) => {
				const response = await fetch(client.url + url, {
					method,
					headers,
					body: /** @type {any} */ (body),
				});
				return { status: response.status, text: await response.text() };
			};
			return {
				workflow,
				publish: async () => await client.activate(workflow),
				unpublish: async () =>
					await client.request('POST', `/workflows/${workflow.id}/deactivate`, {}),
				/**
				 * Posts a form, as Calltouch does.
				 *
				 * @param {Record<string, string>} parameters
				 * @param {string} [end] of the URL
				 */
				post: async (parameters, end = '') =>
					await send(`/webhook/${path}${end}`, new URLSearchParams(parameters)),
				/** @param {Record<string, string>} parameters @param {string} [end] of the URL */
				get: async (parameters, end = '') =>
					await send(`/webhook/${path}${end}?${new URLSearchParams(parameters)}`, undefined, 'GET'),
				/**
				 * @param {unknown} body
				 * @param {string} method
				 * @param {Record<string, string>} [headers]
				 */
				send: async (body, method, headers) =>
					await send(`/webhook/${path}`, body, method, headers),
				/** @param {Record<string, string>} parameters */
				postTest: async (parameters) =>
					await send(`/webhook-test/${path}`, new URLSearchParams(parameters)),
				/**
				 * Waits for `count` executions to end and returns them.
				 *
				 * @param {number} count
				 */
				executions: async (count) => {
					const ended = await eventually(`${count} executions have ended`, async () => {
						const all = await client.executions(workflow.id);
						return all.length >= count && all.every(({ stoppedAt }) => stoppedAt) && all;
					});
					assert.equal(ended.length, count);
					return await Promise.all(ended.map(async ({ id }) => await client.execution(id)));
				},
			};
		}

		it('POST and GET requests start the workflow and get an empty response', async () => {
			const trigger = await create();
			await trigger.publish();
			assert.deepEqual(await trigger.post(ENDED), { status: 200, text: '' });
			assert.deepEqual(await trigger.get(ENDED), { status: 200, text: '' });
			const executions = await trigger.executions(2);
			for (const execution of executions) {
				assert.equal(execution.status, 'success');
				assert.deepEqual(outputOf(execution), [OUTPUT]);
			}
		});

		it('filtered webhooks and test webhooks start no workflow and also get an empty response', async () => {
			const trigger = await create({ filters: { siteIds: '10001' } });
			await trigger.publish();
			/** @type {Array<Record<string, string>>} */
			const deliveries = [STARTED, { ...ENDED, siteId: '7' }, PLACEHOLDERS, { deal: '1' }, {}];
			for (const delivery of deliveries) {
				assert.deepEqual(await trigger.post(delivery), { status: 200, text: '' });
			}
			assert.deepEqual(await trigger.get({}), { status: 200, text: '' });
			// An execution for this webhook proves that the earlier webhooks were processed.
			await trigger.post(ENDED);
			await trigger.executions(1);
		});

		it('the URL does not exist without the secret or with a different secret', async () => {
			const trigger = await create({ options: { secret: 'open_Sesame-1' } });
			await trigger.publish();
			assert.equal((await trigger.post(ENDED)).status, 404);
			assert.equal((await trigger.post(ENDED, '/open_Sesame-2')).status, 404);
			assert.equal((await trigger.get(ENDED, '/another/more')).status, 404);
			assert.equal((await trigger.post(ENDED, '/open_Sesame-1')).status, 200);
			assert.equal((await trigger.get(ENDED, '/open_Sesame-1')).status, 200);
			const executions = await trigger.executions(2);
			for (const execution of executions) assert.deepEqual(outputOf(execution), [OUTPUT]);
			// In the execution, the secret appears only in the saved parameters of the workflow.
			for (const { data } of executions) {
				assert.ok(!JSON.stringify(data.resultData).includes('open_Sesame-1'));
			}
			assert.ok(!rig.server.log().includes('open_Sesame-1'));
		});

		it('webhooks from IP addresses that are not allowed are rejected', async () => {
			const closed = await create({ options: { allowedIps: '10.0.0.1, 92.118.66.0/23' } });
			await closed.publish();
			assert.deepEqual(await closed.post(ENDED), { status: 403, text: '' });
			const open = await create({ options: { allowedIps: '127.0.0.0/8' } });
			await open.publish();
			assert.equal((await open.post(ENDED)).status, 200);
			await open.executions(1);
			await closed.executions(0);
		});

		it('each of twenty simultaneous webhooks starts the workflow', async () => {
			const trigger = await create();
			await trigger.publish();
			const ids = Array.from({ length: 20 }, (_, number) => String(100_001 + number));
			const answers = await Promise.all(
				ids.map(async (id) => await trigger.post({ ...ENDED, id })),
			);
			assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
			const executions = await trigger.executions(20);
			assert.deepEqual(executions.map((one) => String(outputOf(one)[0].callId)).sort(), ids);
		});

		it('no execution fails, whatever a stranger sends', async () => {
			const trigger = await create({ triggerOn: ['callEnded', 'other'] });
			await trigger.publish();
			const form = 'application/x-www-form-urlencoded';
			/** @type {Array<[unknown, string, Record<string, string>]>} */
			const requests = [
				['{"leadtype":"call"', 'POST', { 'content-type': 'application/json' }],
				['[[1,2],{"a":{"b":null}}]', 'POST', { 'content-type': 'application/json' }],
				['{"__proto__":{"polluted":1}}', 'POST', { 'content-type': 'application/json' }],
				['__proto__=1&constructor=2&toString=3', 'POST', { 'content-type': form }],
				['id=%E0%E1&leadtype=call', 'POST', { 'content-type': form }],
				['id=1', 'POST', { 'content-type': `${form}; charset=windows-1251` }],
				[Buffer.from([0xef, 0xee, 0xea, 0x3d, 0xe0]), 'POST', { 'content-type': form }],
				['x'.repeat(1_000_000), 'POST', { 'content-type': 'text/plain' }],
				[
					Array.from({ length: 2000 }, (_, number) => `f${number}=1`).join('&'),
					'POST',
					{ 'content-type': form },
				],
				[Buffer.from(new URLSearchParams(ENDED).toString()), 'POST', {}],
				[undefined, 'PUT', {}],
				[undefined, 'OPTIONS', {}],
			];
			for (const [body, method, headers] of requests) {
				const { status } = await trigger.send(body, method, headers);
				assert.ok(status < 500, `${method} ${String(body).slice(0, 40)}: ${status}`);
			}
			const multipart = new FormData();
			for (const [name, value] of Object.entries(ENDED)) multipart.append(name, value);
			multipart.append('file', new Blob(['x']), 'x.txt');
			assert.equal((await trigger.send(multipart, 'POST')).status, 200);
			const executions = await trigger.executions(8);
			assert.deepEqual(new Set(executions.map(({ status }) => status)), new Set(['success']));
			// The two events are the form without a content type and the multipart form.
			const outputs = executions.map((execution) => outputOf(execution)[0]);
			assert.equal(outputs.filter(({ event }) => event === 'callEnded').length, 2);
		});

		it('the example with Remove Duplicates loses no event when the history of that node is full', async () => {
			const { client, credential } = rig;
			const workflow = example('14');
			const nodes = workflow.nodes.map((node) =>
				node.name === 'Remove Duplicates'
					? { ...node, parameters: { ...node.parameters, options: { historySize: 2 } } }
					: node,
			);
			const created = await client.createWorkflow({ ...workflow, nodes, pinData: {} }, credential);
			await client.activate(created);
			const url = `${client.url}/webhook/${created.nodes[0].webhookId}/calltouch`;
			for (const id of ['1', '1', '2', '3']) {
				await fetch(url, { method: 'POST', body: new URLSearchParams({ ...ENDED, id }) });
				await eventually('the execution has ended', async () =>
					(await client.executions(created.id)).every(({ stoppedAt }) => stoppedAt),
				);
			}
			const executions = await eventually('all executions have ended', async () => {
				const all = await client.executions(created.id);
				return all.length === 4 && all.every(({ stoppedAt }) => stoppedAt) && all;
			});
			const continued = [];
			for (const { id, status } of executions) {
				assert.equal(status, 'success');
				const { data } = await client.execution(id);
				const [run] = data.resultData.runData['The Event'] ?? [];
				continued.push(run?.data?.main?.[0]?.[0]?.json);
			}
			assert.deepEqual(
				continued.reverse().map((item) => item?.callId),
				['1', undefined, '2', '3'],
			);
		});

		it('the URL no longer exists after the workflow is unpublished', async () => {
			const trigger = await create();
			await trigger.publish();
			assert.equal((await trigger.post(ENDED)).status, 200);
			await trigger.unpublish();
			await eventually(
				'the URL no longer exists',
				async () => (await trigger.post(ENDED)).status === 404,
			);
		});

		it('a workflow with an invalid address in Allowed IP Addresses is not published', async () => {
			const trigger = await create({ options: { allowedIps: 'calltouch.ru' } });
			await assert.rejects(trigger.publish(), /'Allowed IP Addresses'.*calltouch\.ru/);
			assert.equal((await trigger.post(ENDED)).status, 404);
		});

		it("the editor shows Calltouch's own test webhook while it is listening", async () => {
			const trigger = await create();
			const { waitingForWebhook } = await rig.client.request(
				'POST',
				`/workflows/${trigger.workflow.id}/run`,
				{
					workflowData: trigger.workflow,
					triggerToStartFrom: { name: 'Calltouch Trigger' },
				},
			);
			assert.equal(waitingForWebhook, true);
			assert.deepEqual(await trigger.postTest(PLACEHOLDERS), { status: 200, text: '' });
			const [execution] = await trigger.executions(1);
			assert.deepEqual(
				outputOf(/** @type {any} */ (execution)).map(({ eventKey: _, ...json }) => json),
				[{ event: 'other', ...PLACEHOLDERS }],
			);
			assert.equal((await trigger.postTest(PLACEHOLDERS)).status, 404);
		});
	});
}
