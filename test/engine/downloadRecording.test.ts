import { sleep, type IBinaryData, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';

import type { RecordingsKind } from '../../simulator/recordings';
import { mp3Of } from '../../simulator/recordings';
import { DEFAULT_SITE_ID } from '../../simulator/server';
import { execute, keepFiles, singleNodeWorkflow } from '../../tools/engine';
import {
	CLOCK,
	CANARY,
	credentialFor,
	NODE_TYPE,
	nodeFor,
	outcome,
	run,
	start,
	startSimulator,
	type Outcome,
	type Simulator,
} from '../support/calltouch';
import { CONTINUE as CONTINUE_ON_ERROR } from '../support/numberedOrders';
import { bytesIn, CALL_ID, downloading, downloads } from '../support/recording';
import { answering, cutting, striking } from '../support/strikes';
import { toolOf } from '../support/tool';

const OTHER_ID = '91000000';
const CONTINUE = { nodeSettings: CONTINUE_ON_ERROR };
const PATH = `/calls-service/RestAPI/${DEFAULT_SITE_ID}/calls-diary/calls/${CALL_ID}/download`;

let simulator: Simulator;
beforeAll(async () => await keepFiles('default'));

const errorOf = ({ error }: Outcome) => `${error.message}. ${error.description}`;
/** Redirects the first request to `location`. The simulator handles all others. */
const redirecting = (location: string) =>
	striking('/download', 1, answering(302, '', { location }));

describe.each(['default', 'filesystem'] as const)(
	'Download Recording in the "%s" storage mode',
	(mode) => {
		beforeAll(async () => await keepFiles(mode));
		afterAll(async () => await keepFiles('default'));

		it('returns the file with its name, type and size', async () => {
			simulator = await startSimulator();
			const { status, items } = await run(simulator, downloading());
			expect(status).toBe('success');
			const bytes = mp3Of(CALL_ID);
			expect(items).toHaveLength(1);
			expect(items[0]?.json).toEqual({
				callId: Number(CALL_ID),
				fileName: `call-${CALL_ID}.mp3`,
				mimeType: 'audio/mpeg',
				fileSize: bytes.length,
			});
			expect(Object.keys(items[0]?.binary ?? {})).toEqual(['data']);
			expect(items[0]?.binary?.data).toMatchObject({
				fileName: `call-${CALL_ID}.mp3`,
				mimeType: 'audio/mpeg',
				fileType: 'audio',
				fileExtension: 'mp3',
			});
			expect(items[0]?.binary?.data?.id !== undefined).toBe(mode === 'filesystem');
			expect(items[0]?.pairedItem).toEqual({ item: 0 });
			expect(await bytesIn(items[0] ?? { json: {} })).toEqual(bytes);
		});

		it('returns the file for each item in the same field and in the same sequence as the items', async () => {
			simulator = await startSimulator();
			simulator.addCall();
			const items = [{ callId: CALL_ID }, { callId: OTHER_ID }, { callId: CALL_ID }];
			const ended = await run(simulator, downloading({}, { items }));
			expect(ended.items.map(({ pairedItem }) => pairedItem)).toEqual(
				items.map((_, item) => ({ item })),
			);
			const files = await Promise.all(ended.items.map(async (item) => await bytesIn(item)));
			expect(files).toEqual(items.map(({ callId }) => mp3Of(callId)));
		});
	},
);

describe('The request for a recording', () => {
	beforeEach(async () => {
		simulator = await startSimulator();
	});

	it('contains the site and the call in its path, and the token as its only parameter', async () => {
		await run(simulator, downloading());
		const [sent, ...others] = downloads(simulator);
		expect(others).toEqual([]);
		expect(sent).toMatchObject({ httpMethod: 'GET', path: PATH, token: CANARY, body: '' });
		expect([...(sent?.parameters ?? [])]).toEqual([]);
	});

	it('goes to the site in the options if one is set', async () => {
		await run(simulator, downloading({ options: { siteId: '20002' } }, CONTINUE));
		expect(downloads(simulator)[0]?.path).toContain('/RestAPI/20002/calls-diary/');
	});

	it('is not sent without a site, and the message names both places to enter one', async () => {
		const ended = await run(simulator, downloading({}, { credential: { siteId: '' } }));
		expect(errorOf(ended)).toMatch(/'Site ID' has no value.*in the credential.*under 'Options'/);
		expect(simulator.received).toEqual([]);
	});

	it.each<[unknown, RegExp]>([
		['', /'Call ID' has no value \[item 0\]/],
		[undefined, /'Call ID' has no value/],
		['12/../34', /'Call ID' is not a whole number/],
		['undefined', /'Call ID'/],
		[2 ** 60, /'Call ID' is too large to be stored exactly as a number/],
	])('is not sent for the call ID %j', async (callId, message) => {
		const items = [{ callId } as IDataObject];
		expect(errorOf(await run(simulator, downloading({}, { items })))).toMatch(message);
		expect(simulator.received).toEqual([]);
	});

	it.each([
		['an ID', { __rl: true, mode: 'id', value: CALL_ID }],
		['a list entry', { __rl: true, mode: 'list', value: CALL_ID }],
		['plain text', CALL_ID],
	])('is sent for a call that was entered as %s', async (_what, callId) => {
		const { status } = await run(simulator, downloading({ callId }));
		expect(status).toBe('success');
		expect(downloads(simulator)[0]?.path).toBe(PATH);
	});
});

describe('A downloaded file', () => {
	beforeEach(async () => {
		simulator = await startSimulator();
	});

	it("is the item's only file and is in the field that the user named", async () => {
		const { items } = await run(simulator, downloading({ binaryPropertyName: 'recording' }));
		expect(Object.keys(items[0]?.binary ?? {})).toEqual(['recording']);
	});

	it('needs an output field, and nothing is requested if the name of that field is missing', async () => {
		const ended = await run(simulator, downloading({ binaryPropertyName: "={{ '' }}" }));
		expect(ended.error.message).toMatch(/'Put Output File in Field' has no value/);
		expect(simulator.received).toEqual([]);
	});

	it.each([
		['={{ $json.name }}.mp3', 'Ivan.mp3'],
		['../../{{ $json.name }}\\1.mp3', '....{{ $json.name }}1.mp3', 'error'],
		['a/b\u0000c.mp3', 'abc.mp3'],
		[' ', `call-${CALL_ID}.mp3`],
		['..', `call-${CALL_ID}.mp3`],
	])(
		'for which the user entered the name %j is named %j',
		async (fileName, expected, ends = 'success') => {
			const ended = await run(
				simulator,
				downloading({ options: { fileName } }, { items: [{ callId: CALL_ID, name: 'Ivan' }] }),
			);
			expect(ended.status).toBe(ends);
			if (ends === 'error') return;
			expect(ended.items[0]?.json.fileName).toBe(expected);
			expect(ended.items[0]?.binary?.data?.fileName).toBe(expected);
			expect(ended.items[0]?.binary?.data?.directory).toBeUndefined();
		},
	);

	it('replaces the JSON and the files of the incoming item', async () => {
		const { parameters, credential } = downloading();
		const old = { data: 'b2xk', mimeType: 'text/plain', fileName: 'old.txt' };
		const file = singleNodeWorkflow({
			type: NODE_TYPE,
			parameters,
			items: [{ json: { callId: CALL_ID, name: 'Ivan' }, binary: { data: old, more: old } }],
		});
		const setup = {
			nodeTypes: { [NODE_TYPE]: nodeFor(simulator) },
			credential: credentialFor(simulator, credential),
		};
		const { items } = outcome(await execute(file, setup).finished);
		expect(items[0]?.json).not.toHaveProperty('name');
		expect(Object.keys(items[0]?.binary ?? {})).toEqual(['data']);
		expect(items[0]?.binary?.data?.fileName).toBe(`call-${CALL_ID}.mp3`);
	});

	it.each<[string, string, Buffer, string]>([
		['an ID3 tag', 'text/html', Buffer.from('ID3\u0003\0'), 'audio/mpeg'],
		['an MPEG frame', '', Buffer.from([0xff, 0xfb, 0x90, 0, 0]), 'audio/mpeg'],
		['a RIFF header', 'application/octet-stream', Buffer.from('RIFF\0\0\0\0WAVEfmt '), 'audio/wav'],
		['an OGG header', 'application/json', Buffer.from('OggS\0'), 'audio/ogg'],
		[
			'no signature but an audio type',
			'audio/amr',
			Buffer.from([0x23, 0x21, 1, 0xff]),
			'audio/amr',
		],
	])('is accepted if the response has %s', async (_what, contentType, bytes, mimeType) => {
		const headers: Record<string, string> = contentType ? { 'content-type': contentType } : {};
		simulator.setIntercept(striking('/download', 1, answering(200, bytes, headers)));
		const { items } = await run(simulator, downloading());
		expect(items[0]?.json).toMatchObject({ mimeType, fileSize: bytes.length });
		expect(items[0]?.binary?.data?.mimeType).toBe(mimeType);
		expect(await bytesIn(items[0] ?? { json: {} })).toEqual(bytes);
	});

	it('is stored by n8n as soon as it arrives', async () => {
		simulator.addCall();
		let stored = 0;
		let storedBeforeLast: number | undefined;
		simulator.setIntercept(({ path }, response, carryOut) => {
			if (!path.includes(OTHER_ID)) return false;
			const answerOnceStored = async () => {
				while (stored === 0) await sleep(1);
				storedBeforeLast = stored;
				response.end(carryOut().body);
			};
			void answerOnceStored();
			return true;
		});
		const between = storingBy(async (store) => {
			const kept = await store();
			stored++;
			return kept;
		});
		const items = [{ callId: CALL_ID }, { callId: OTHER_ID }];
		const ended = await CLOCK.during(run({ ...simulator, between }, downloading({}, { items })));
		expect(ended.items).toHaveLength(2);
		expect([storedBeforeLast, stored]).toEqual([1, 2]);
	});

	it('is one of at most ten files in memory at the same time', async () => {
		let held = 0;
		let most = 0;
		const between = storingBy(async (store) => {
			most = Math.max(most, ++held);
			await simulator.clock.sleep(10_000);
			held--;
			return await store();
		});
		const items = Array.from({ length: 25 }, () => ({ callId: CALL_ID }));
		const ended = await run({ ...simulator, between }, downloading({}, { items }));
		expect(ended.items).toHaveLength(25);
		expect(most).toBe(10);
	});

	it('causes an error that says why if n8n cannot store it', async () => {
		const between = storingBy(async () => await Promise.reject(new Error('ENOSPC: disk full')));
		const ended = await run({ ...simulator, between }, downloading({}, CONTINUE));
		expect(ended.items[0]?.json.error).toMatch(
			/n8n could not store the file: ENOSPC: disk full \[item 0, call 90000001\]\. The download succeeded/,
		);
	});

	/** Wraps n8n's helper that stores files. */
	function storingBy(storing: (store: () => Promise<IBinaryData>) => Promise<IBinaryData>) {
		return (n8n: IExecuteFunctions): IExecuteFunctions => {
			const prepareBinaryData = async (...file: [Buffer, string, string]) =>
				await storing(async () => await n8n.helpers.prepareBinaryData(...file));
			const helpers = Object.create(n8n.helpers, {
				prepareBinaryData: { value: prepareBinaryData },
			});
			return Object.create(n8n, { helpers: { value: helpers } });
		};
	}
});

describe('A response without a recording', () => {
	const NONE =
		/Could not download the recording: Calltouch returned no recording of this call \(HTTP (?:200|204|400|404)\) \[item 0, call 90000001\]\. .*Recordings become available in Calltouch a few minutes after the call ends\. Execute the workflow again later/;

	it.each<RecordingsKind>(['missing', 'web-page', 'empty'])(
		'fails the item with a message that names the call and says when to try again: %s',
		async (recordings) => {
			simulator = await startSimulator({ recordings });
			const ended = await run(simulator, downloading());
			expect(errorOf(ended)).toMatch(NONE);
			expect(downloads(simulator)).toHaveLength(1);
		},
	);

	it.each<[string, Parameters<typeof answering>, RegExp]>([
		['JSON', [200, '{"message":"Нет записи"}'], /Calltouch says: "Нет записи"/],
		['JSON with an audio type', [200, '{"a":1}', { 'content-type': 'audio/mpeg' }], NONE],
		['a web page with an audio type', [200, '<html>', { 'content-type': 'audio/mpeg' }], NONE],
		[
			'plain text with an audio type',
			[200, 'Нет записи', { 'content-type': 'audio/mpeg' }],
			/says: "Нет записи"/,
		],
		[
			'truncated JSON with an audio type',
			[200, '{"message":"N', { 'content-type': 'audio/mpeg' }],
			NONE,
		],
		['an empty body with an audio type', [200, '', { 'content-type': 'audio/mpeg' }], NONE],
		['HTTP 204', [204], NONE],
		['HTTP 404 with a web page', [404, '<title>Not Found</title>'], /says: "Not Found"/],
		['HTTP 404 with audio', [404, mp3Of('1'), { 'content-type': 'audio/mpeg' }], NONE],
		['HTTP 400', [400, '{"message":"no"}'], /Calltouch says: "no"/],
		['a megabyte of binary data', [200, Buffer.alloc(1024 * 1024, '\x07\xffMZ', 'latin1')], NONE],
		['an error with binary data', [404, Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 1])], NONE],
	])('fails the item if it is %s', async (_what, answer, words) => {
		simulator = await startSimulator();
		simulator.setIntercept(striking('/download', 1, answering(...answer)));
		const ended = await run(simulator, downloading());
		expect(errorOf(ended)).toMatch(NONE);
		expect(errorOf(ended)).toMatch(words);
		// The error contains only text, never the bytes of a file.
		expect(errorOf(ended)).not.toMatch(/(?![\n])[\p{Cc}\uFFFD]/u);
		expect(downloads(simulator)).toHaveLength(1);
	});

	it('does not prevent a later execution from downloading the recording', async () => {
		simulator = await startSimulator({ recordings: 'after-a-minute' });
		const { id } = simulator.addCall({ durationS: 5 });
		const download = downloading({}, { items: [{ callId: id }], ...CONTINUE });
		const early = await run(simulator, download);
		expect(early.items[0]?.json.error).toContain('Recording is not ready');
		await simulator.clock.sleep(66_000);
		const late = await run(simulator, download);
		expect(late.items[0]?.json).toMatchObject({ callId: Number(id), mimeType: 'audio/mpeg' });
	});

	it('fails only its own item if the node continues on errors', async () => {
		simulator = await startSimulator();
		simulator.addCall();
		const items = [{ callId: CALL_ID }, { callId: '1' }, { callId: 'x' }, { callId: OTHER_ID }];
		const nodeSettings = { onError: 'continueErrorOutput' as const };
		const ended = await run(simulator, downloading({}, { items, nodeSettings }));
		expect(ended.items.map(({ json, pairedItem }) => [json.callId, pairedItem])).toEqual([
			[Number(CALL_ID), { item: 0 }],
			[Number(OTHER_ID), { item: 3 }],
		]);
		expect(ended.errorItems.map(({ json }) => json.error)).toEqual([
			expect.stringContaining('[item 1, call 1]'),
			expect.stringContaining("'Call ID' is not a whole number"),
		]);
		expect(ended.errorItems.some(({ binary }) => binary)).toBe(false);
	});
});

describe('A redirect during a download', () => {
	it('is followed once, without the token', async () => {
		simulator = await startSimulator({ recordings: 'same-host' });
		const { items } = await run(simulator, downloading());
		expect(await bytesIn(items[0] ?? { json: {} })).toEqual(mp3Of(CALL_ID));
		expect(downloads(simulator).map(({ token }) => token)).toEqual([CANARY, undefined]);
	});

	it('is followed without the token even if its address contains the token', async () => {
		simulator = await startSimulator({ recordings: 'same-host' });
		const token = encodeURIComponent(CANARY);
		simulator.setIntercept(redirecting(`${PATH}?clientApiId=${token}&redirected=true`));
		const { items } = await run(simulator, downloading());
		expect(items[0]?.json.callId).toBe(Number(CALL_ID));
		const [, followed] = downloads(simulator);
		expect(followed).toMatchObject({ token: undefined, query: '?redirected=true' });
	});

	it('is followed only once if it is circular', async () => {
		simulator = await startSimulator();
		simulator.setIntercept(striking('/download', 9, answering(302, '', { location: PATH })));
		expect(errorOf(await run(simulator, downloading()))).toMatch(
			/Could not download the recording: the server redirected the download, and the node did not follow the redirect \(HTTP 302\) \[item 0, call 90000001\]\. The node follows only one redirect/,
		);
		expect(downloads(simulator)).toHaveLength(2);
	});

	it.each([
		['another host', 'https://recordings.example/1.mp3'],
		['an HTTP address of Calltouch', 'http://api.calltouch.ru/1.mp3'],
		['another port of this machine', 'http://127.0.0.1:9/1.mp3'],
		["a host name that starts like Calltouch's", 'https://calltouch.ru.example/1.mp3'],
		['a file on this machine', 'file:///etc/passwd'],
		['an invalid address', ''],
	])('is not followed to %s', async (_where, location) => {
		simulator = await startSimulator();
		const headers: Record<string, string> = location === '' ? {} : { location };
		simulator.setIntercept(striking('/download', 1, answering(302, '', headers)));
		expect(errorOf(await run(simulator, downloading()))).toContain('the node did not follow');
		expect(simulator.received).toHaveLength(1);
	});

	it('causes an error that names the target server if that server requires the token', async () => {
		simulator = await startSimulator();
		simulator.setIntercept(redirecting(`${PATH}?again=true`));
		expect(errorOf(await run(simulator, downloading()))).toMatch(
			/denied access.*\(HTTP 403\).*redirected the download to 127\.0\.0\.1:\d+, which requires the API token/s,
		);
		expect(downloads(simulator)).toHaveLength(2);
	});

	it('causes the same error as a response without a recording if it leads to a web page', async () => {
		simulator = await startSimulator();
		simulator.setIntercept(redirecting('/help'));
		expect(errorOf(await run(simulator, downloading()))).toContain('returned no recording');
	});
});

describe('A download', () => {
	beforeEach(async () => {
		simulator = await startSimulator();
	});

	it.each([
		['HTTP 429', answering(429), 2],
		['HTTP 503', answering(503), 2],
		['a cut connection', cutting, 2],
	])('is repeated after %s', async (_what, strike, sent) => {
		simulator.setIntercept(striking('/download', 1, strike));
		const { items } = await run(simulator, downloading());
		expect(items[0]?.json.callId).toBe(Number(CALL_ID));
		expect(downloads(simulator)).toHaveLength(sent);
	});

	it('is retried from the redirect address if that address returns HTTP 503', async () => {
		let times = 0;
		simulator.setIntercept((request, response, carryOut) => {
			const answers = [
				answering(302, '', { location: `${PATH}?redirected=true` }),
				answering(503),
				undefined,
			];
			return answers[times++]?.(request, response, carryOut) ?? false;
		});
		const { items } = await run(simulator, downloading());
		expect(items[0]?.json.callId).toBe(Number(CALL_ID));
		const queries = downloads(simulator).map(({ token, query }) => (token ? 'token' : query));
		expect(queries).toEqual(['token', '?redirected=true', '?redirected=true']);
	});

	it('fails if HTTP 429 responses last longer than Max Wait', async () => {
		simulator.setIntercept(striking('/download', Infinity, answering(429)));
		const ended = await run(simulator, downloading({ options: { maxWait: 5 } }));
		expect(errorOf(ended)).toMatch(/rate limit was reached \(HTTP 429\) \[item 0, call 90000001\]/);
	});

	it('fails after the timeout even if part of the body has arrived', async () => {
		simulator.setIntercept((_request, response) => {
			response.writeHead(200, { 'content-length': '1000000' }).write('ID3');
			return true;
		});
		const ended = await run(simulator, downloading({ options: { timeout: 500 } }));
		expect(ended.error.message).toMatch(/Calltouch did not respond in time/);
		expect(ended.error.description).toContain("increase 'Timeout (Milliseconds)' under 'Options'");
	});

	it.each(['content-length', 'transfer-encoding'])(
		'fails and returns no partial file if the connection is cut: %s',
		async (header) => {
			simulator.setIntercept((_request, response) => {
				const value = header === 'content-length' ? '1000' : 'chunked';
				response.writeHead(200, { 'content-type': 'audio/mpeg', [header]: value });
				response.write(mp3Of(CALL_ID), () => response.destroy());
				return true;
			});
			const ended = await run(simulator, downloading({}, CONTINUE));
			expect(ended.items[0]?.json.error).toContain('the connection was lost [item 0');
			expect(ended.items[0]?.binary).toBeUndefined();
			expect(downloads(simulator)).toHaveLength(3);
		},
	);

	it('fails after HTTP 206 with a partial file', async () => {
		const headers = { 'content-type': 'audio/mpeg', 'content-range': 'bytes 0-99/450' };
		simulator.setIntercept(answering(206, mp3Of(CALL_ID).subarray(0, 100), headers));
		const ended = await run(simulator, downloading());
		expect(errorOf(ended)).toContain('Calltouch sent an unexpected response (HTTP 206)');
	});

	it('fails with a message that says what to check if the token is wrong', async () => {
		const ended = await run(
			simulator,
			downloading({}, { credential: { clientApiId: 'not-the-token' } }),
		);
		expect(errorOf(ended)).toMatch(/did not accept the API token.*'Site ID'/);
	});

	it('cuts the connection and returns no file if the execution is canceled', async () => {
		let isCut = false;
		const running = start(simulator, downloading());
		simulator.setIntercept((_request, response) => {
			response.on('close', () => (isCut = true));
			response.writeHead(200, { 'content-length': '1000' }).write('ID3');
			running.cancel();
			return true;
		});
		const { status, items } = outcome(await running.finished);
		await simulator.clock.sleep(10_000);
		expect(status).toBe('canceled');
		expect(items.some(({ binary }) => binary)).toBe(false);
		expect(isCut).toBe(true);
		expect(downloads(simulator)).toHaveLength(1);
	});

	it("returns the name, type and size to an agent's model, but not the bytes", async () => {
		const call = toolOf(simulator, downloading({ callId: CALL_ID }));
		const answer = await call({});
		expect(JSON.parse(answer)).toEqual([
			{
				callId: Number(CALL_ID),
				fileName: `call-${CALL_ID}.mp3`,
				mimeType: 'audio/mpeg',
				fileSize: mp3Of(CALL_ID).length,
			},
		]);
	});
});
