import { DateTime } from 'luxon';
import { NodeApiError, sleep, type ICredentialDataDecryptedObject, type INode } from 'n8n-workflow';

import { Calltouch } from '../../nodes/Calltouch/Calltouch.node';
import { systemClock } from '../../nodes/Calltouch/rateLimit/clock';
import { rateLimiterFor } from '../../nodes/Calltouch/rateLimit/rateLimiter';
import { searchList } from '../../tools/engine';
import {
	CANARY,
	credentialFor,
	lastParameters,
	NEW_ORDER,
	NODE_TYPE,
	run,
	startSimulator,
	type Simulator,
} from '../support/calltouch';
import { respondWith, SITE } from '../support/records';
import { leaks } from '../support/secrets';
import { answering, striking } from '../support/strikes';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator();
});

async function list(
	method: 'searchCalls' | 'searchRequests',
	filter?: string,
	credential: ICredentialDataDecryptedObject = SITE,
	parameters: INode['parameters'] = { resource: 'order', operation: 'upsert' },
) {
	const { results } = await searchList(
		{ type: NODE_TYPE, parameters },
		{
			nodeTypes: { [NODE_TYPE]: new Calltouch() },
			credential: credentialFor(simulator, credential),
		},
		{ method, filter },
	);
	expect(leaks(results, CANARY)).toEqual([]);
	return results;
}

/** The error that the editor shows instead of a list. */
async function failureOf(method: 'searchCalls' | 'searchRequests', credential = {}) {
	const failed = await list(method, undefined, credential).catch((error: unknown) => error);
	expect(failed).toBeInstanceOf(NodeApiError);
	const error = failed as NodeApiError;
	expect(leaks([error.message, error.description, error], CANARY)).toEqual([]);
	return error;
}

const at = (timeMs: number, zone = 'Europe/Moscow') =>
	DateTime.fromMillis(timeMs, { zone }).toFormat('dd.MM HH:mm');

describe("The list for 'Call ID'", () => {
	it('shows the time, phone number and channel of each call, newest first', async () => {
		const now = Date.now();
		simulator.addCall({ timeMs: now - MINUTE_MS, phone: '79031112233', id: '91000001' });
		const [newest, older] = await list('searchCalls');
		expect(newest).toEqual({
			name: `${at(now - MINUTE_MS)} · +7 903 111-22-33 · yandex / cpc`,
			value: '91000001',
		});
		expect(older?.value).toBe('90000001');
	});

	it('has the same entries for Download Recording', async () => {
		const parameters = { resource: 'call', operation: 'downloadRecording' };
		const [newest] = await list('searchCalls', undefined, SITE, parameters);
		expect(newest?.value).toBe('90000001');
	});

	it("shows times in the account's time zone", async () => {
		const timeMs = Date.now() - MINUTE_MS;
		simulator.addCall({ timeMs });
		const [newest] = await list('searchCalls', undefined, {
			...SITE,
			timeZone: 'Asia/Vladivostok',
		});
		expect(newest?.name).toContain(at(timeMs, 'Asia/Vladivostok'));
	});

	it.each([
		[{ source: '(direct)', medium: '(none)' }, '+7 903 111-22-33 · (direct)'],
		[{ source: '<не указано>', medium: '<не указано>' }, '+7 903 111-22-33'],
		[{ callerNumber: '4930123456', source: 'google', medium: 'cpc' }, '4930123456 · google / cpc'],
		[{ callerNumber: null, source: 'google', medium: 'cpc' }, 'google / cpc'],
	])('shows only the parts that exist in %j', async (record, words) => {
		const timestamp = Math.floor(Date.now() / 1000) - 60;
		respondWith(simulator, () => [
			{ callId: 1, timestamp, callerNumber: '79031112233', ...record },
		]);
		expect(await list('searchCalls')).toEqual([
			{ name: `${at(timestamp * 1000)} · ${words}`, value: '1' },
		]);
	});

	it('shows the last seven days', async () => {
		const now = Date.now();
		simulator.addCall({ timeMs: now - 7 * DAY_MS + MINUTE_MS, id: '1' });
		simulator.addCall({ timeMs: now - 7 * DAY_MS - MINUTE_MS, id: '2' });
		const ids = (await list('searchCalls')).map(({ value }) => value);
		expect(ids).toContain('1');
		expect(ids).not.toContain('2');
	});

	it('shows at most a hundred calls, but finds the others by phone number', async () => {
		const now = Date.now();
		for (let call = 0; call < 150; call++) {
			simulator.addCall({
				timeMs: now - call * MINUTE_MS,
				phone: `79${String(call).padStart(9, '0')}`,
			});
		}
		const entries = await list('searchCalls');
		expect(entries).toHaveLength(100);
		expect(entries[99]?.name).toContain('+7 900 000-00-98');
		expect(await list('searchCalls', '9000000149')).toHaveLength(1);
	});

	it.each([
		...['7916', '8 916', '+7 (916) 123', '123-45', '4567'],
		...['7916123456', '+7 (916) 123-45-6', '8 916 123-45-6', '8 916 123-45-67', '916 123-45-67'],
	])('finds a call by %p as part of its phone number', async (typed) => {
		const found = await list('searchCalls', typed);
		expect(found.map(({ value }) => value)).toEqual(['90000001']);
	});

	it.each(['000', 'Ivan'])('finds no call for %p', async (typed) => {
		expect(await list('searchCalls', typed)).toEqual([]);
	});

	it.each([' ', '\u00A0', '\u200B'])('shows all calls if only %j is typed', async (typed) => {
		expect(await list('searchCalls', typed)).toEqual(await list('searchCalls'));
	});

	it.each([-8, 8])('is read again after the system time jumps by %i hours', async (hours) => {
		await list('searchCalls');
		const nowMs = Date.now() + hours * 60 * MINUTE_MS;
		const time = jest.spyOn(systemClock, 'epochMs').mockReturnValue(nowMs);
		simulator.addCall({ timeMs: nowMs - MINUTE_MS, id: '91000002' });
		const [newest] = await list('searchCalls').finally(() => time.mockRestore());
		expect(newest?.value).toBe('91000002');
	});

	it('is requested only once while a number is typed, and again after another list was requested', async () => {
		for (const typed of [undefined, '9', '91', '916']) await list('searchCalls', typed);
		expect(simulator.received).toHaveLength(1);
		await list('searchRequests');
		await list('searchCalls');
		expect(simulator.received).toHaveLength(3);
	});

	it('is requested again after a failure', async () => {
		simulator.setIntercept(answering(400));
		await failureOf('searchCalls', SITE);
		simulator.setIntercept(undefined);
		expect(await list('searchCalls')).not.toEqual([]);
	});

	it('is requested only after workflows have sent their requests', async () => {
		const queue = rateLimiterFor(simulator.url, systemClock).openQueue({
			requestsPerSecond: 0.01,
			account: 'of a workflow',
			signal: undefined,
		});
		const permit = await queue.acquire({ maxWaitMs: 0, isRetry: false, survivesStop: false });
		permit.release({ kind: 'accepted' });
		const waiting = list('searchCalls');
		await sleep(500);
		expect(simulator.received).toHaveLength(0);

		queue.close();
		expect(await waiting).not.toEqual([]);
	});

	it('is requested again after HTTP 429', async () => {
		simulator.setIntercept(striking('calls-diary', 1, answering(429)));
		expect(await list('searchCalls')).not.toEqual([]);
		expect(simulator.received).toHaveLength(2);
	});
});

describe("The list for 'Web Form Request ID'", () => {
	it('shows web form requests, newest first', async () => {
		const [newest, older] = await list('searchRequests');
		expect(newest).toEqual({
			name: expect.stringMatching(/^\d\d\.\d\d \d\d:\d\d · \+7 916 765-43-21 · \(direct\)$/),
			value: '90000002',
		});
		expect(older?.value).toBe('90000003');
	});

	it('finds a web form request by its phone number', async () => {
		const found = await list('searchRequests', '765-00-03');
		expect(found.map(({ value }) => value)).toEqual(['90000003']);
	});
});

describe("The error for a list that can't be read", () => {
	it('says where to enter a missing Site ID and that the call ID can be entered manually', async () => {
		const error = await failureOf('searchCalls');
		expect(error.message).toBe("'Site ID' in the credential is empty");
		expect(error.description).toMatch(/Open the credential.*'By ID'/);
		expect(simulator.received).toHaveLength(0);
	});

	it("contains Calltouch's message and status if the token is rejected", async () => {
		respondWith(simulator, () => '{"message":"Access denied"}', 403);
		const error = await failureOf('searchRequests', SITE);
		expect(error.message).toContain('did not accept the API token');
		expect(error.description).toContain('Access denied');
		expect(error.httpCode).toBe('403');
	});

	it.each([
		[{ clientApiId: '' }, "'API Token' in the credential is empty"],
		[{ baseUrl: 'https://example.com' }, "'Base URL' must be"],
	])('names the invalid field of the credential: %j', async (credential, words) => {
		const error = await failureOf('searchCalls', { ...SITE, ...credential });
		expect(error.message).toContain(words);
	});
});

describe('The selected call', () => {
	const linkedTo = (callId: unknown) => ({
		...NEW_ORDER,
		linkTo: 'callId',
		callId: callId as string,
	});

	it.each<[string, unknown]>([
		['from the list', { __rl: true, mode: 'list', value: '90000001', cachedResultName: '28.11.' }],
		['by ID', { __rl: true, mode: 'id', value: '90000001' }],
		['by an expression', { __rl: true, mode: 'id', value: '={{ $json.callId }}' }],
		[
			'by an expression dropped onto the empty field',
			{ __rl: true, mode: '', value: '={{ $json.callId }}' },
		],
		['by plain text in an older workflow', '90000001'],
		['by a plain expression in an older workflow', '={{ $json.callId }}'],
	])('is linked to the order if it was selected %s', async (_how, callId) => {
		const { items } = await run(simulator, {
			parameters: linkedTo(callId),
			items: [{ callId: 90000001 }],
		});
		expect(lastParameters(simulator).callId).toBe('90000001');
		expect(items[0]?.json.callId).toBe(90000001);
	});

	it('is evaluated for each item if it is an expression', async () => {
		await run(simulator, {
			parameters: linkedTo({ __rl: true, mode: 'id', value: '={{ $json.callId }}' }),
			items: [{ callId: '32496964' }, { callId: '32480001' }],
		});
		expect(simulator.orders.map(({ lead }) => lead?.id).sort()).toEqual(['32480001', '32496964']);
	});

	it('is missing if its expression returns nothing, and the error for the item names the field', async () => {
		const { error } = await run(simulator, {
			parameters: linkedTo({ __rl: true, mode: 'id', value: '={{ $json.missing }}' }),
		});
		expect(error.message).toContain("'Call ID' has no value");
		expect(simulator.received).toHaveLength(0);
	});

	it.each(['', { __rl: true, mode: 'id', value: '' }, { __rl: true, mode: 'list', value: '' }])(
		'is reported as missing before the workflow runs if it is %j',
		async (callId) => {
			await expect(run(simulator, { parameters: linkedTo(callId) })).rejects.toThrow(
				'Parameter "Call ID" is required',
			);
		},
	);
});
