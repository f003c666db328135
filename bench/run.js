// @ts-check
// Compares the node with its goals and with n8n's HTTP Request node, as ratios within one run, and
// writes the tables to results.md. If table numbers are passed, writes only these tables.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const prettier = require('prettier');
const { runProcesses } = require('./processes');
const { shareInVirtualTime } = require('./virtual');

const LATENCY_MS = 100;
const LIMIT = 5;
const ORDERS = 100;
/** The number of parallel runs. Each run spends most of its time waiting for the rate limit. */
const AT_ONCE = 5;
/** The number of parallel runs with up to eight processes each. */
const FEW_AT_ONCE = 2;
/** The ways in which the simulator counts requests. */
const LIMITS = ['sliding', 'fixed', 'strict'];
const VIRTUAL_SEEDS = 30;
const REPORT = path.join(__dirname, 'results.md');

/** @param {number} ratio */
const percent = (ratio) => `${Math.round(ratio * 100)} %`;
/** @param {number[]} numbers */
const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** The shortest time in which the limit lets this many orders pass. @param {number} orders */
const idealTimeMs = (orders) => ((orders - 1) / LIMIT) * 1000;

/** @param {string[]} head @param {Array<Array<string | number>>} rows */
const table = (head, rows) =>
	[head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/**
 * Runs jobs a few at a time, in order.
 *
 * @template T
 * @param {Array<() => Promise<T>>} jobs
 * @param {number} atOnce
 * @returns {Promise<T[]>}
 */
async function fewAtATime(jobs, atOnce) {
	/** @type {T[]} */
	const results = [];
	let next = 0;
	const lane = async () => {
		while (next < jobs.length) {
			const index = next++;
			results[index] = await /** @type {() => Promise<T>} */ (jobs[index])();
		}
	};
	await Promise.all(Array.from({ length: atOnce }, lane));
	return results;
}

/** Compares our node with the HTTP Request node in one process. */
async function oneProcess() {
	const ours = /** @type {const} */ ({ node: 'calltouch' });
	const http = /** @type {const} */ ({ node: 'httpRequest' });
	const five = { batchSize: 5, batchInterval: 1000 };
	const one = { batchSize: 1, batchInterval: 200 };
	const whole = [ORDERS];
	const halves = [ORDERS / 2, ORDERS / 2];
	const ways = [
		{ name: '**Calltouch**', task: { ...ours, executions: whole } },
		{
			name: '**Calltouch**, Retry On Fail',
			task: { ...ours, executions: whole, retryOnFail: true },
		},
		{ name: '**Calltouch**, two executions', task: { ...ours, executions: halves } },
		{ name: 'HTTP Request, no batching', task: { ...http, executions: whole } },
		{
			name: 'HTTP Request, no batching, Retry On Fail',
			task: { ...http, executions: whole, retryOnFail: true },
		},
		{ name: 'HTTP Request, 5 per 1000 ms', task: { ...http, executions: whole, batch: five } },
		{
			name: 'HTTP Request, 5 per 1000 ms, Retry On Fail',
			task: { ...http, executions: whole, batch: five, retryOnFail: true },
		},
		{ name: 'HTTP Request, 1 per 200 ms', task: { ...http, executions: whole, batch: one } },
		{
			name: 'HTTP Request, 1 per 200 ms, Retry On Fail',
			task: { ...http, executions: whole, batch: one, retryOnFail: true },
		},
		{
			name: 'HTTP Request, 1 per 200 ms, two executions',
			task: { ...http, executions: halves, batch: one },
		},
	];
	const cases = ['sliding', 'fixed'].flatMap((limit) =>
		[0, 20, 100].flatMap((jitterMs) => ways.map((way) => ({ ...way, limit, jitterMs }))),
	);
	const rows = await fewAtATime(
		cases.map(({ name, task, limit, jitterMs }) => async () => {
			const { results, counted } = await runProcesses({ limit, jitterMs, latencyMs: LATENCY_MS }, [
				task,
			]);
			const idealMs = idealTimeMs(ORDERS);
			const { wallMs } = results[0];
			return [
				limit,
				jitterMs,
				name,
				counted.created,
				counted.doubled,
				percent(counted.rejected / ORDERS),
				(wallMs / idealMs).toFixed(2),
				counted.created === ORDERS ? percent(idealMs / (wallMs - LATENCY_MS)) : '–',
			];
		}),
		AT_ONCE,
	);
	return table(
		[
			'limit',
			'jitter, ms',
			'way',
			'created',
			'doubled',
			'rejected',
			'time over ideal',
			'of the limit',
		],
		rows,
	);
}

/**
 * Measures several processes on one IP address, each running an import.
 *
 * @param {string} limit
 * @param {number} processes
 * @param {{ isThroughNginx?: boolean, requestsPerSecond?: number }} [options]
 */
async function severalProcesses(limit, processes, { isThroughNginx, requestsPerSecond } = {}) {
	const { results, counted } = await runProcesses(
		{ limit, jitterMs: 20, latencyMs: LATENCY_MS },
		Array.from({ length: processes }, () => ({
			node: /** @type {const} */ ('calltouch'),
			executions: [ORDERS],
			...(requestsPerSecond ? { requestsPerSecond } : {}),
		})),
		{ isThroughNginx },
	);
	const times = results.map(({ wallMs }) => wallMs);
	return [
		limit,
		processes,
		`${counted.created} of ${processes * ORDERS}`,
		counted.doubled,
		percent(idealTimeMs(counted.created) / counted.spanMs),
		`${((100 * counted.rejected) / counted.created).toFixed(1)} %`,
		(Math.max(...times) / mean(times)).toFixed(2),
	];
}

const SEVERAL_HEAD = [
	'limit',
	'processes',
	'created',
	'doubled',
	'of the limit',
	'rejected',
	'slowest over mean',
];

/** @param {number[]} counts of processes */
const casesOf = (counts) =>
	LIMITS.flatMap((limit) => counts.map((processes) => ({ limit, processes })));

/** Measures several independent processes. */
async function nothingSet() {
	const rows = await fewAtATime(
		casesOf([1, 2, 4, 8]).map(({ limit, processes }) => async () => {
			const row = await severalProcesses(limit, processes);
			const virtual = await shareInVirtualTime(
				processes,
				2 * ORDERS,
				/** @type {'sliding'} */ (limit),
				VIRTUAL_SEEDS,
			);
			return [
				...row,
				percent(virtual.use),
				percent(virtual.rejected),
				virtual.slowest.toFixed(2),
				(virtual.longestHungerMs / 1000).toFixed(0),
			];
		}),
		FEW_AT_ONCE,
	);
	return table(
		[
			...SEVERAL_HEAD,
			'virtual: of the limit',
			'virtual: rejected',
			'virtual: slowest over mean',
			'virtual: longest without a turn, s',
		],
		rows,
	);
}

/** Measures several processes, each with its share of the limit set in the credential. */
async function shares() {
	const rows = await fewAtATime(
		casesOf([2, 4, 8]).map(
			({ limit, processes }) =>
				async () =>
					await severalProcesses(limit, processes, { requestsPerSecond: LIMIT / processes }),
		),
		FEW_AT_ONCE,
	);
	return table(SEVERAL_HEAD, rows);
}

/** Measures several processes with nginx in front of Calltouch. */
async function throughNginx() {
	const rows = await fewAtATime(
		casesOf([1, 2, 4, 8]).map(
			({ limit, processes }) =>
				async () =>
					await severalProcesses(limit, processes, { isThroughNginx: true }),
		),
		FEW_AT_ONCE,
	);
	return table(SEVERAL_HEAD, rows);
}

/** Measures single orders that arrive during an import. */
async function loneOrder() {
	const startsMs = [0, 8_000, 11_100, 14_300, 17_700, 20_500];
	const { results, counted } = await runProcesses(
		{ limit: 'sliding', jitterMs: 20, latencyMs: LATENCY_MS },
		[{ node: 'calltouch', executions: [1000, 1, 1, 1, 1, 1], startsMs, isFirstCancelled: true }],
	);
	return delays(results[0], counted);
}

/** Measures how long five orders take after an idle period, relative to one order. */
async function fromIdle() {
	const rows = await fewAtATime(
		[LATENCY_MS, 300].map((latencyMs) => async () => {
			// The first order warms up the process. After two seconds without requests, it is idle again.
			const { results } = await runProcesses({ limit: 'sliding', jitterMs: 0, latencyMs }, [
				{ node: 'calltouch', executions: [1, 1, 5], startsMs: [0, 2500, 5000] },
			]);
			const [, one, five] = results[0].starts;
			return [latencyMs, one.tookMs, five.tookMs, (five.tookMs / one.tookMs).toFixed(2)];
		}),
		AT_ONCE,
	);
	return table(['latency, ms', 'one order, ms', 'five orders, ms', 'ratio'], rows);
}

/** Measures how much of the limit is used if responses take longer than a second. */
async function slowResponses() {
	const latencyMs = 1500;
	const orders = 25;
	const { results, counted } = await runProcesses({ limit: 'sliding', jitterMs: 0, latencyMs }, [
		{ node: 'calltouch', executions: [orders] },
	]);
	const use = percent(idealTimeMs(orders) / (results[0].wallMs - latencyMs));
	return table(
		['latency, ms', 'created', 'doubled', 'rejected', 'of the limit'],
		[[latencyMs, counted.created, counted.doubled, counted.rejected, use]],
	);
}

/**
 * Because of other load on the machine, the time that the same code takes varies by up to a fifth
 * between rounds.
 */
const ROUNDS = 5;
/** The number of decimal places for each figure in a round. */
const FRACTION_DIGITS = [2, 2, 2, 1, 1, 2];

/** @param {number[]} figures an odd number of figures */
function median(figures) {
	return [...figures].sort((one, other) => one - other)[(figures.length - 1) / 2] ?? NaN;
}

/** Measures many items without a server limit and with instant waits. */
async function manyItems() {
	const settings = { limit: 'off' };
	/**
	 * @param {number} count
	 * @param {Omit<import('./worker').Task, 'url' | 'token' | 'executions'>} task
	 */
	const measure = async (count, task) => {
		const { results, counted } = await runProcesses(settings, [{ ...task, executions: [count] }]);
		if (counted.created !== count)
			throw new Error(`Only ${counted.created} of ${count} orders were created.`);
		return results[0];
	};
	const ours = { node: /** @type {const} */ ('calltouch'), isUnlimited: true };
	const http = {
		node: /** @type {const} */ ('httpRequest'),
		batch: { batchSize: 32, batchInterval: 15 },
	};
	const rows = [];
	for (const count of [1_000, 10_000]) {
		/** @type {number[][]} */
		const rounds = [];
		for (let round = 0; round < ROUNDS; round++) {
			const [our, their] = [await measure(count, ours), await measure(count, http)];
			rounds.push([
				our.wallMs / count,
				their.wallMs / count,
				our.wallMs / their.wallMs,
				our.peakKb / count,
				their.peakKb / count,
				our.peakKb / their.peakKb,
			]);
		}
		const medians = FRACTION_DIGITS.map((digits, column) =>
			median(rounds.map((figures) => figures[column] ?? NaN)).toFixed(digits),
		);
		rows.push([count, ...medians]);
	}
	return table(
		[
			'items',
			'ours, ms per item',
			'HTTP Request, ms per item',
			'ratio',
			'ours, peak KiB per item',
			'HTTP Request, peak KiB per item',
			'ratio',
		],
		rows,
	);
}

/**
 * A hundred thousand calls over two months on a hundred full pages, ten of them from the
 * phone number in the search.
 */
const READING = {
	fromMs: Date.parse('2026-09-01T00:00:00+03:00'),
	toMs: Date.parse('2026-10-30T23:59:59+03:00'),
	phone: '79990000000',
};
const CALLS = { count: 100_000, matching: 10, reading: READING };
const PAGES = 100;
const KIB_PER_MIB = 1024;

/**
 * Measures a search for the calls from a phone number without a server limit, and then orders sent
 * during such a search under the limit.
 */
async function reading() {
	/** @param {'calltouch' | 'httpRequest'} node @param {number} items the expected number */
	const measure = async (node, items) => {
		const { results } = await runProcesses({ limit: 'off', calls: CALLS }, [
			{ node, executions: [1], reading: READING, isUnlimited: true },
		]);
		const [{ starts, wallMs, cpuMs, peakKb }] = results;
		if (starts[0].status !== 'success' || starts[0].items !== items)
			throw new Error(`${node} returned ${starts[0].items} items instead of ${items}.`);
		return [wallMs / PAGES, cpuMs / PAGES, peakKb / KIB_PER_MIB];
	};
	/** @type {number[][]} */
	const rounds = [];
	for (let round = 0; round < ROUNDS; round++) {
		const [our, their] = [
			await measure('calltouch', CALLS.matching),
			await measure('httpRequest', PAGES),
		];
		rounds.push(our.flatMap((figure, column) => [figure, their[column] ?? NaN]));
	}
	const medianOf = (/** @type {(figures: number[]) => number | undefined} */ figure) =>
		median(rounds.map((figures) => figure(figures) ?? NaN));
	const row = (/** @type {string} */ what, /** @type {number} */ column) => [
		what,
		medianOf((figures) => figures[column]).toFixed(0),
		medianOf((figures) => figures[column + 1]).toFixed(0),
		medianOf((figures) => Number(figures[column]) / Number(figures[column + 1])).toFixed(2),
	];
	const rows = [
		row('time for a page, ms', 0),
		row('processor time for a page, ms', 2),
		row("peak memory above n8n's own, MiB", 4),
	];
	const figures = table(['', 'ours', 'HTTP Request', 'ratio'], rows);
	return `${figures}\n\nLone orders during such a search, under the limit:\n\n${await ordersBesideReading()}`;
}

async function ordersBesideReading() {
	const startsMs = [0, 4_000, 7_100, 9_300, 12_700, 15_500];
	const { results, counted } = await runProcesses(
		{ limit: 'sliding', jitterMs: 20, latencyMs: LATENCY_MS, calls: CALLS },
		[{ node: 'calltouch', executions: [1, 1, 1, 1, 1, 1], startsMs, reading: READING }],
	);
	if (results[0].starts[0].tookMs < Math.max(...startsMs))
		throw new Error('The search ended before the last order was sent.');
	return delays(results[0], counted);
}

/**
 * Tabulates the time until each execution except the first reached Calltouch.
 *
 * @param {any} result
 * @param {any} counted
 */
function delays({ starts }, counted) {
	const all = starts
		.slice(1)
		.map(
			(/** @type {any} */ { startedAtMs }, /** @type {number} */ index) =>
				counted.arrivals[`0-${index + 1}-0`] - startedAtMs,
		);
	return table(
		['lone orders', 'mean delay, ms', 'longest delay, ms'],
		[[all.length, Math.round(mean(all)), Math.round(Math.max(...all))]],
	);
}

const SEVERAL = 'Several processes on one IP address';

/** @type {Array<[title: string, measure: () => Promise<string>]>} */
const PARTS = [
	['A hundred orders, latency 100 ms', oneProcess],
	[`${SEVERAL}, through nginx`, throughNginx],
	[`${SEVERAL}, each with its share set`, shares],
	[`${SEVERAL}, nothing set`, nothingSet],
	['A lone order behind an import', loneOrder],
	['Five orders from idle', fromIdle],
	[`Many items without a limit, median of ${ROUNDS} rounds`, manyItems],
	[`Ten calls among a hundred thousand, median of ${ROUNDS} rounds`, reading],
	['Twenty-five orders with slow responses', slowResponses],
];

/** Reads the last report: its introduction, and its tables by number. */
function lastReport() {
	const [introduction = '', ...chapters] = fs.readFileSync(REPORT, 'utf8').split(/^## /m);
	/** @type {Map<number, string>} */
	const tables = new Map(
		chapters.map((chapter) => [parseInt(chapter, 10), `## ${chapter.trim()}`]),
	);
	return { introduction, tables };
}

async function main() {
	const asked = process.argv.slice(2).map(Number);
	const { introduction, tables } = lastReport();
	const machine = `${os.cpus().length} cores, Node ${process.version}`;
	for (const [index, [title, measure]] of PARTS.entries()) {
		const number = index + 1;
		if (asked.length > 0 && !asked.includes(number)) continue;
		console.log(`\n${number}. ${title} …`);
		const result = await measure();
		console.log(result);
		const measured = `Measured on ${new Date().toISOString().slice(0, 10)}, ${machine}.`;
		tables.set(number, `## ${number}. ${title}\n\n${measured}\n\n${result}`);
	}
	const inOrder = [...tables].sort(([one], [other]) => one - other).map(([, chapter]) => chapter);
	const report = [introduction.trim(), ...inOrder].join('\n\n');
	const style = { ...(await prettier.resolveConfig(REPORT)), filepath: REPORT };
	fs.writeFileSync(REPORT, await prettier.format(report, style));
	console.log(`\nWritten to ${path.relative(process.cwd(), REPORT)}.`);
}

void main().catch((error) => {
	console.error(error);
	process.exitCode = 1;
});
