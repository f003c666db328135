import type { RecordingsKind } from '../../simulator/recordings';
import { CANARY, startSimulator, type Simulator } from '../support/calltouch';
import { CALL_ID } from '../support/recording';
import { request } from '../support/request';
import { runSimulatorCli } from '../support/simulatorCli';

let simulator: Simulator;
afterEach(async () => await simulator?.close());

async function download({ callId = CALL_ID, siteId = '10001', token = CANARY } = {}) {
	const path = `/calls-service/RestAPI/${siteId}/calls-diary/calls/${callId}/download`;
	return await request(`${simulator.url}${path}`, 'GET', { clientApiId: token });
}

describe('the simulator', () => {
	it('gives the recording of a call as an MP3 file', async () => {
		simulator = await startSimulator();
		const { status, headers, body } = await download();
		expect([status, headers['content-type']]).toEqual([200, 'audio/mpeg']);
		expect(body).toMatch(/^ID3/);
		expect(body).toContain(`call ${CALL_ID}`);
	});

	it.each<[RecordingsKind, number, string, RegExp]>([
		['octet-stream', 200, 'application/octet-stream', /^ID3/],
		['missing', 404, 'application/json;charset=UTF-8', /"message":"No recording"/],
		['web-page', 200, 'text/html; charset=utf-8', /^<!doctype html>/],
		['empty', 200, 'audio/mpeg', /^$/],
		['rate-limit', 429, 'application/json;charset=UTF-8', /"message"/],
	])('can answer with %s', async (recordings, status, contentType, body) => {
		simulator = await startSimulator({ recordings });
		const answer = await download();
		expect([answer.status, answer.headers['content-type']]).toEqual([status, contentType]);
		expect(answer.body).toMatch(body);
	});

	it('can redirect to another host', async () => {
		simulator = await startSimulator({ recordings: 'another-host' });
		const { status, headers } = await download();
		expect([status, headers.location]).toEqual([302, 'https://recordings.example/call.mp3']);
	});

	it('can redirect to itself, where the recording needs no token', async () => {
		simulator = await startSimulator({ recordings: 'same-host' });
		const { headers } = await download();
		const { status, body } = await request(`${simulator.url}${headers.location}`, 'GET', {
			redirected: 'true',
		});
		expect(status).toBe(200);
		expect(body).toMatch(/^ID3/);
	});

	it('can have no recording in the first minute after the call', async () => {
		simulator = await startSimulator({ recordings: 'after-a-minute' });
		const { id: callId } = simulator.addCall({ durationS: 5 });
		expect(await download({ callId })).toMatchObject({
			status: 404,
			json: { message: 'Recording is not ready' },
		});
		await simulator.clock.sleep(66_000);
		expect(await download({ callId })).toMatchObject({ status: 200 });
	});

	it('has no recording of an unknown call, of one that nobody answered, and of a request', async () => {
		simulator = await startSimulator();
		const { id: unanswered } = simulator.addCall({ durationS: 0 });
		for (const callId of ['1', unanswered, '90000002']) {
			expect(await download({ callId })).toMatchObject({ status: 404 });
		}
	});

	it('gives none to a bad token, or for another site', async () => {
		simulator = await startSimulator();
		expect(await download({ token: 'bad' })).toMatchObject({ status: 403 });
		expect(await download({ siteId: '20002' })).toMatchObject({ status: 403 });
	});

	it('refuses an unknown kind of answer on the command line', async () => {
		const { exitCode, refusal } = await runSimulatorCli('--recordings', 'none');
		expect(exitCode).toBe(2);
		expect(refusal).toMatch(/^--recordings takes one of: at-once, after-a-minute, /);
	});
});
