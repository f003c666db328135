import type { RequestRules } from '../../../simulator/newRequests';
import { retry, run, startFastSimulator, type Simulator } from '../../support/calltouch';
import { createdRequests, creating, readings, registrations } from '../../support/newRequest';
import { cutting, cuttingAfterwards, striking } from '../../support/strikes';

const REGISTER = '/register/';
/** Later attempts come more than a minute after the first one, by the clock of the node. */
const waitAMinute = async ({ clock }: Simulator) => await clock?.sleep(61_000);

let simulator: Simulator;
const start = async (requestRules: RequestRules = {}) => {
	simulator = await startFastSimulator({ requestRules });
};
afterEach(async () => await simulator.close());

describe('A web form request whose response was lost', () => {
	const dated = (requestDate: string) => ({ additionalFields: { requestDate } });
	const LEAD = { fio: 'Анна Петрова', phoneNumber: '+7 916 123-45-67', email: 'anna@example.com' };

	it.each<[string, object, object]>([
		['phone number', { phoneNumber: '79160000000' }, {}],
		['email', { phoneNumber: '', email: 'oleg@example.com' }, { phoneNumber: '' }],
		['email beside the same phone number', { email: 'oleg@example.com' }, {}],
		['name', { phoneNumber: '', email: '', fio: 'Олег' }, { phoneNumber: '', email: '' }],
		['kind of contact', { phoneNumber: '', fio: '' }, { email: '', fio: '' }],
		['date', dated('23.11.2026 10:00:00'), dated('23.11.2026 14:30:00')],
	])('fails where its number is found with another %s', async (_difference, other, own) => {
		await start();
		await run(simulator, creating({ ...LEAD, ...other }));
		simulator.setIntercept(striking(REGISTER, 1, cutting));
		const { items, error } = await run(simulator, creating({ ...LEAD, ...own }));
		expect(items).toEqual([]);
		expect(error.description).toContain(
			'Calltouch has a web form request with the number "lead-1", but with another phone number, email, name or date than was sent',
		);
	});

	it("is not sent again while its number is another lead's", async () => {
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
		['all of its contact', LEAD],
		['its phone number only', { phoneNumber: '8 (916) 123-45-67' }],
		['its email only', { phoneNumber: '', email: 'Anna@Example.com' }],
		['its name only', { phoneNumber: '', fio: ' Анна  ПЕТРОВА ' }],
	])('is found by its number and %s', async (_contact, own) => {
		await start();
		simulator.setIntercept(striking(REGISTER, 1, cuttingAfterwards));
		const { items } = await run(simulator, creating(own));
		expect(items[0]?.json.requestNumber).toBe('lead-1');
		expect(createdRequests(simulator)).toHaveLength(1);
	});

	it("is found beside another lead's with the same number", async () => {
		await start({ repeatedNumbers: 'second' });
		await run(simulator, creating({ phoneNumber: '79160000000' }));
		simulator.setIntercept(striking(REGISTER, 1, cuttingAfterwards));
		const { items } = await run(simulator, creating({}));
		expect(items[0]?.json.phone).toBe('79161234567');
	});
});

describe('After the API token in the credential is corrected, a retry', () => {
	const WRONG = { credential: { clientApiId: 'wrong-token' } };

	it('looks up a web form request whose response was lost, and does not send it again', async () => {
		await start({ repeatedNumbers: 'second' });
		simulator.setIntercept(striking(REGISTER, 1, cuttingAfterwards));
		const first = await run(simulator, creating({}, WRONG));
		expect(first.error.description).toContain('failed too');
		const later = await retry(simulator, creating({}), first);
		expect(later.items[0]?.json.requestNumber).toBe('lead-1');
		expect(createdRequests(simulator)).toHaveLength(1);
		expect(registrations(simulator)).toHaveLength(1);
	});

	it('sends neither a web form request that was confirmed nor one that has no number', async () => {
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
