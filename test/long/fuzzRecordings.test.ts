import fc from 'fast-check';
import type { INodeExecutionData } from 'n8n-workflow';

import { mp3Of } from '../../simulator/recordings';
import { CANARY, run, startSimulator, type Simulator } from '../support/calltouch';
import { isAllowed } from '../support/hostileItems';
import * as meant from '../support/meant';
import { bytesIn, downloading } from '../support/recording';
import { leastOf, SEED, testLength } from '../support/testLength';

const ITEMS_AT_ONCE = 20;
const RUNS = Math.ceil(testLength(600) / 2 / ITEMS_AT_ONCE);
const FUZZING_MS = 3600_000;
const CONTINUE = { onError: 'continueRegularOutput' as const };
const atOnce = { minLength: ITEMS_AT_ONCE, maxLength: ITEMS_AT_ONCE };

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator();
});

const MP3 = mp3Of('1');
/** The call ID in the path of a request. */
const callIdOf = ({ path }: { path: string }) => /\/calls\/([^/]*)\/download$/.exec(path)?.[1];

const hostileName = fc.oneof(
	fc.string({ unit: 'binary', maxLength: 30 }),
	fc
		.array(fc.constantFrom('/', '\\', '.', '..', '\0', '\n', '\u202E', 'a', 'Ж', ' ', '.mp3'), {
			maxLength: 8,
		})
		.map((parts) => parts.join('')),
	fc.constantFrom('__proto__', 'constructor', 'toString', 'undefined', '=1'),
);

it(
	'For random items, the node requests the recordings of the intended calls and uses safe file names',
	async () => {
		const counts = { done: 0, rejected: 0 };
		simulator.setIntercept((_request, response) => {
			response.end(MP3);
			return true;
		});
		const item = fc.record({ call: meant.ids, fileName: hostileName, field: hostileName });
		await fc.assert(
			fc.asyncProperty(fc.array(item, atOnce), async (items) => {
				const before = simulator.received.length;
				const { items: outputs } = await run(
					simulator,
					downloading(
						{
							binaryPropertyName: '={{ $json.field }}',
							options: { fileName: '={{ $json.fileName }}' },
						},
						{
							items: items.map(({ call, ...names }) => ({
								...names,
								callId: call.value as string,
							})),
							nodeSettings: CONTINUE,
						},
					),
				);
				const sent = simulator.received.splice(before).map(callIdOf);
				expect(outputs).toHaveLength(items.length);
				const expected: Array<string | undefined> = [];
				for (const [index, { json, binary = {}, pairedItem }] of outputs.entries()) {
					expect(pairedItem).toEqual({ item: index });
					if ('error' in json) {
						counts.rejected++;
						expect(json.error).toMatch(/^'(?:Call ID|File Name|Put Output File in Field)/);
						continue;
					}
					counts.done++;
					const { callId, fileName } = json;
					expected.push(String(callId));
					const { allowed } = items[index]?.call ?? { allowed: [] };
					expect(isAllowed(allowed, String(callId))).toBe(true);
					expect(fileName).toMatch(/^(?!\.+$)[^/\\\p{Cc}]+$/u);
					const [field = '', ...others] = Object.keys(binary);
					expect(others).toEqual([]);
					expect(binary[field]).toMatchObject({ fileName, mimeType: 'audio/mpeg' });
					expect(binary[field]?.directory).toBeUndefined();
				}
				expect(sent.sort()).toEqual(expected.sort());
			}),
			{ numRuns: RUNS, seed: SEED },
		);
		const enough = leastOf(RUNS * ITEMS_AT_ONCE, 1 / 6);
		expect(counts.done).toBeGreaterThan(enough);
		expect(counts.rejected).toBeGreaterThan(enough);
	},
	FUZZING_MS,
);

const SIGNATURES = [
	'ID3\u0003',
	'ÿû\u0010À',
	'ÿûðÀ',
	'RIFF',
	'OggS',
	'ID3 ',
	'\uFEFF{}',
	'<',
	'{"a":1}',
	'',
];
const body = fc
	.tuple(fc.constantFrom(...SIGNATURES), fc.uint8Array({ maxLength: 40 }))
	.map(([beginning, rest]) => Buffer.concat([Buffer.from(beginning, 'latin1'), rest]));
const answers = fc.record({
	status: fc.constantFrom(200, 200, 200, 201, 204, 302, 400, 404, 500),
	type: fc.constantFrom(
		'audio/mpeg',
		'Audio/Ogg; x=y',
		'text/html',
		'application/json',
		'audio/',
		'',
	),
	location: fc.constantFrom(
		...['https://evil.example/', 'http://calltouch.ru/', '//', '/x', 'https://[', '?clientApiId=1'],
	),
	body,
});

it(
	'The node returns exactly the bytes of a random response, or an error without the bytes',
	async () => {
		const counts = { done: 0, failed: 0 };
		await fc.assert(
			fc.asyncProperty(fc.array(answers, atOnce), async (given) => {
				const before = simulator.received.length;
				simulator.setIntercept((request, response) => {
					const answer = given[Number(callIdOf(request)) - 1];
					if (!answer) return false;
					const { status, type, location } = answer;
					const headers = { ...(type && { 'content-type': type }), location };
					response.writeHead(status, headers).end(status === 204 ? undefined : answer.body);
					return true;
				});
				const { items } = await run(
					simulator,
					downloading(
						{},
						{ items: given.map((_, index) => ({ callId: index + 1 })), nodeSettings: CONTINUE },
					),
				);
				expect(items).toHaveLength(given.length);
				for (const [index, item] of items.entries()) {
					const answer = given[index] as (typeof given)[number];
					if ('error' in item.json) {
						counts.failed++;
						checkError(item, index);
					} else {
						counts.done++;
						expect(answer.status).toBeLessThan(300);
						expect(await bytesIn(item)).toEqual(answer.body);
						expect(item.json.mimeType).toMatch(/^audio\/\S+$/);
						expect(item.json.fileSize).toBe(answer.body.length);
					}
				}
				// Only the first request for each call contains the token. Requests that follow a
				// redirect contain no token.
				const tokens = simulator.received.splice(before).map(({ token }) => token);
				expect(tokens.filter((token) => token !== undefined)).toEqual(given.map(() => CANARY));
			}),
			{ numRuns: RUNS, seed: SEED },
		);
		const enough = leastOf(RUNS * ITEMS_AT_ONCE, 1 / 6);
		expect(counts.done).toBeGreaterThan(enough);
		expect(counts.failed).toBeGreaterThan(enough);
	},
	FUZZING_MS,
);

function checkError({ json, binary }: INodeExecutionData, index: number): void {
	expect(binary).toBeUndefined();
	expect(json.error).toContain(`[item ${index}, call ${index + 1}]`);
	expect(json.error).toMatch(/^Could not download the recording: /);
	// The error must contain only text. Control or replacement characters would come from the
	// file's contents.
	expect(json.error).not.toMatch(/[\p{Cc}\uFFFD]/u);
}
