import type { RequestRules } from '../../../simulator/newRequests';
import { DEFAULT_SITE_ID } from '../../../simulator/server';
import { execute, singleNodeWorkflow } from '../../../tools/engine';
import {
	credentialFor,
	nodeFor,
	NODE_TYPE,
	outcome,
	retry,
	run,
	start as startRun,
	startSimulator,
	type Simulator,
} from '../../support/calltouch';
import { againTypes, withErrorLoop } from '../../support/errorLoop';
import {
	createdRequests,
	creating,
	NEW_REQUEST,
	readings,
	registrations,
} from '../../support/newRequest';
import { answering, cutting, cuttingAfterwards, striking } from '../../support/strikes';

const REGISTER = '/register/';
const WRONG = { credential: { clientApiId: 'wrong-token' } };
/** Waits more than a minute, as measured by the node's clock, before a later attempt. */
const waitAMinute = async ({ clock }: Simulator) => await clock.sleep(61_000);

let simulator: Simulator;
const start = async (requestRules: RequestRules = {}) => {
	simulator = await startSimulator({ requestRules });
};

describe('A web form request with a lost response', () => {
	const dated = (requestDate: string) => ({ additionalFields: { requestDate } });
	const LEAD = { fio: 'Анна Петрова', phoneNumber: '+7 916 123-45-67', email: 'anna@example.com' };

	it.each<[string, object, object]>([
		['phone number', { phoneNumber: '79160000000' }, {}],
		['email', { phoneNumber: '', email: 'oleg@example.com' }, { phoneNumber: '' }],
		['email and the same phone number', { email: 'oleg@example.com' }, {}],
		['name', { phoneNumber: '', email: '', fio: 'Олег' }, { phoneNumber: '', email: '' }],
		['kind of contact', { phoneNumber: '', fio: '' }, { email: '', fio: '' }],
		['date', dated('23.11.2026 10:00:00'), dated('23.11.2026 14:30:00')],
	])(
		'fails if Calltouch has a request with the same number but a different %s',
		async (_difference, other, own) => {
			await start();
			await run(simulator, creating({ ...LEAD, ...other }));
			simulator.setIntercept(striking(REGISTER, 1, cutting));
			const { items, error } = await run(simulator, creating({ ...LEAD, ...own }));
			expect(items).toEqual([]);
			expect(error.description).toContain(
				'Calltouch has a web form request with the number "lead-1", but with a different phone number, email, name or date',
			);
		},
	);

	it('is not resent while another lead has the same number', async () => {
		await start({ repeatedNumbers: 'overwritten' });
		await run(simulator, creating({ phoneNumber: '79160000000' }));
		simulator.setIntercept(striking(REGISTER, 1, cutting));
		const execution = creating({});
		const first = await run(simulator, execution);
		await waitAMinute(simulator);
		const later = await retry(simulator, execution, first);
		expect(later.items).toEqual([]);
		expect(createdRequests(simulator)[0]?.phone).toBe('79160000000');
	});

	it.each<[string, object]>([
		['all of its contact fields', LEAD],
		['only its phone number', { phoneNumber: '8 (916) 123-45-67' }],
		['only its email', { phoneNumber: '', email: 'Anna@Example.com' }],
		['only its name', { phoneNumber: '', fio: ' Анна  ПЕТРОВА ' }],
	])('is found by its number and %s', async (_contact, own) => {
		await start();
		simulator.setIntercept(striking(REGISTER, 1, cuttingAfterwards));
		const { items } = await run(simulator, creating(own));
		expect(items[0]?.json.requestNumber).toBe('lead-1');
		expect(createdRequests(simulator)).toHaveLength(1);
	});

	it('is found even if another lead has the same number', async () => {
		await start({ repeatedNumbers: 'second' });
		await run(simulator, creating({ phoneNumber: '79160000000' }));
		simulator.setIntercept(striking(REGISTER, 1, cuttingAfterwards));
		const { items } = await run(simulator, creating({}));
		expect(items[0]?.json.phone).toBe('79161234567');
	});
});

describe('A retry with a corrected API token', () => {
	it('looks up a web form request with a lost response and does not resend it', async () => {
		await start({ repeatedNumbers: 'second' });
		simulator.setIntercept(striking(REGISTER, 1, cuttingAfterwards));
		const first = await run(simulator, creating({}, WRONG));
		expect(first.error.description).toContain('failed too');
		const later = await retry(simulator, creating({}), first);
		expect(later.items[0]?.json.requestNumber).toBe('lead-1');
		expect(createdRequests(simulator)).toHaveLength(1);
		expect(registrations(simulator)).toHaveLength(1);
	});

	it('resends neither a confirmed web form request nor an unconfirmed one without a number', async () => {
		await start({ repeatedNumbers: 'second' });
		const items = [{ number: 'lead-1' }, { number: '' }];
		const parameters = { requestNumber: '={{ $json.number }}' };
		simulator.setIntercept((request, response, carryOut) =>
			request.parameters.has('requestNumber')
				? false
				: cuttingAfterwards(request, response, carryOut),
		);
		const first = await run(simulator, creating(parameters, { items, ...WRONG }));
		expect(first.status).toBe('error');
		simulator.setIntercept(undefined);
		const later = await retry(simulator, creating(parameters, { items }), first);
		expect(later.error.description).toContain("has no 'Web Form Request Number'");
		expect(registrations(simulator)).toHaveLength(2);
		expect(readings(simulator)).toEqual([]);
	});
});

describe('A web form request', () => {
	/** Three items. Calltouch rejects the last item in the first attempt. */
	const BATCH = {
		parameters: { requestNumber: '={{ $json.number }}' },
		items: [{ number: 'lead-1' }, { number: '' }, { number: 'rejected' }],
	};
	const runBatch = async () => {
		await start({ repeatedNumbers: 'second' });
		simulator.setIntercept((request, response, carryOut) =>
			request.parameters.get('requestNumber') === 'rejected'
				? answering(400, '{"message":"no"}')(request, response, carryOut)
				: false,
		);
		const first = await run(simulator, creating(BATCH.parameters, { items: BATCH.items }));
		expect(createdRequests(simulator)).toHaveLength(2);
		simulator.setIntercept(undefined);
		return first;
	};

	it('is not resent by a retry after it was confirmed, with or without a number', async () => {
		const first = await runBatch();
		const { items, hints } = await retry(
			simulator,
			creating(BATCH.parameters, { items: BATCH.items }),
			first,
		);
		expect(items.map(({ json }) => String(json.requestId)).sort()).toEqual(
			createdRequests(simulator)
				.map(({ id }) => id)
				.sort(),
		);
		expect(registrations(simulator)).toHaveLength(4);
		expect(hints.join()).toContain('2 items were already sent');
	});

	it('is not resent after it was confirmed even if its values changed, and a hint says so', async () => {
		const first = await runBatch();
		const changed = creating({ requestNumber: 'other' }, { items: BATCH.items });
		const { hints } = await retry(simulator, changed, first);
		expect(createdRequests(simulator)).toHaveLength(3);
		expect(hints.join()).toContain('change those web form requests in Calltouch');
	});

	it('is not resent by a loop over the error output', async () => {
		await start({ repeatedNumbers: 'second' });
		simulator.setIntercept(striking(REGISTER, 1, cuttingAfterwards));
		let rounds = 1;
		const file = singleNodeWorkflow({
			type: NODE_TYPE,
			parameters: { ...NEW_REQUEST, requestNumber: '', options: { siteId: DEFAULT_SITE_ID } },
			items: [{ json: {}, pairedItem: { item: 0 } }],
			nodeSettings: { onError: 'continueErrorOutput' },
		});
		const { finished } = execute(withErrorLoop(file), {
			nodeTypes: { [NODE_TYPE]: nodeFor(simulator), ...againTypes(() => ++rounds <= 3) },
			credential: credentialFor(simulator),
		});
		await finished;
		expect(rounds).toBe(4);
		expect(createdRequests(simulator)).toHaveLength(1);
	});

	it("waits for another execution's request with the same number, even if that execution uses another API token", async () => {
		await start();
		let active = 0;
		let most = 0;
		simulator.setIntercept((_request, response, carryOut) => {
			most = Math.max(most, ++active);
			const { status, body } = carryOut();
			void simulator.clock.sleep(20).then(() => {
				active--;
				response.writeHead(status).end(JSON.stringify(body));
			});
			return true;
		});
		await Promise.all(
			[{}, WRONG].map(async (credential) => await run(simulator, creating({}, credential))),
		);
		expect(registrations(simulator)).toHaveLength(2);
		expect(most).toBe(1);
	});

	it('is remembered if its response was lost and another item stopped the run', async () => {
		await start({ repeatedNumbers: 'second' });
		const lose = striking(REGISTER, 1, cuttingAfterwards);
		simulator.setIntercept((request, response, carryOut) =>
			request.parameters.get('requestNumber') === 'rejected'
				? answering(400, '{"message":"no"}')(request, response, carryOut)
				: lose(request, response, carryOut),
		);
		const execution = creating(BATCH.parameters, {
			items: [{ number: '' }, { number: 'rejected' }],
		});
		const first = await run(simulator, execution);
		await waitAMinute(simulator);
		await retry(simulator, execution, first);
		expect(createdRequests(simulator)).toHaveLength(1);
	});

	it('is looked up by a retry if the execution was canceled while the request was being sent', async () => {
		await start({ repeatedNumbers: 'second' });
		const execution = creating({});
		const running = startRun(simulator, execution);
		simulator.setIntercept((_request, _response, carryOut) => {
			carryOut();
			running.cancel();
			return true;
		});
		const cancelled = outcome(await running.finished);
		expect(cancelled.status).toBe('canceled');
		simulator.setIntercept(undefined);
		const { items } = await retry(simulator, execution, cancelled);
		expect(items[0]?.json.requestNumber).toBe('lead-1');
		expect(registrations(simulator)).toHaveLength(1);
	});
});
