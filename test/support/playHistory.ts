import {
	createEmptyRunExecutionData,
	createRunExecutionData,
	type IDataObject,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
	type INodeType,
	type IRun,
	type IRunExecutionData,
} from 'n8n-workflow';

import type { Intercept, Received } from '../../simulator/server';
import {
	agentWorkflow,
	execute,
	singleNodeWorkflow,
	toolOfAgent,
	type WorkflowFile,
} from '../../tools/engine';
import {
	CANARY,
	CLOCK,
	credentialFor,
	nodeFor,
	NODE_TYPE,
	NEW_ORDER,
	run,
	startSimulator,
	type Simulator,
	type Target,
	TOOL_TYPE,
} from './calltouch';
import { againTypes, withErrorLoop } from './errorLoop';
import {
	dealIn,
	FAILING,
	isAgent,
	isCreateOnly,
	isOneOrder,
	numberIn,
	parametersFor,
	roundsOf,
	savedBefore,
	takePhones,
	touchesOrders,
	valuesOf,
	type Attempt,
	type Fault,
	type History,
	type Saved,
} from './histories';
import { executionController, listenersOn, settled, within } from './listeners';
import { request } from './request';
import { createdRequests } from './newRequest';
import { leaks } from './secrets';

const MINUTE_MS = 60_000;
/** Long enough for the rate limiter to forget all earlier responses and failures. */
const IDLE_MS = 60 * MINUTE_MS;
const LAST_RETRIES = 3;
/** A time limit in real time. On an idle machine, no history takes even 1% of this limit. */
const STUCK_MS = 120_000;
const MOST_JUMPS = 5_000;

/** One request from the node and its outcome. */
export interface Sent {
	deal: number;
	kind: 'register' | 'update' | 'delete' | 'look-up';
	number: string | undefined;
	fault: Fault;
	attempt: number;
	atMs: number;
	status: number | undefined;
	isCarriedOut: boolean;
	/** Whether the attempt was canceled, so the response may have been lost. */
	isCancelled: boolean;
	/** Whether an initial order had the number when the request was sent. */
	isNumberTaken: boolean;
}

/** The result of an attempt for one item, or of the whole run if the item ended the run. */
export interface Result {
	deal: number;
	json?: IDataObject;
	error?: string;
}

export interface AttemptResult {
	saved: Saved;
	isCancelled: boolean;
	/** Whether the attempt had no fault, no cancellation and no failing expression. */
	isUndisturbed: boolean;
	/** The deals of the node's input items. */
	given: number[];
	results: Result[];
	/** The failure of the run itself, if it failed. */
	failure?: Result;
	/** Problems with the number and the pairing of the items. */
	unpaired: string[];
	/** The orders that existed at the end of the attempt. */
	stood: Order[];
}

export type Order = Simulator['orders'][number];

/** A web form request or a callback as an order, with only the keys that the checks read. */
type AsOrder = Pick<Order, 'orderId' | 'orderNumber' | 'comment' | 'status'>;

/** Everything that was observed while a history was played. */
export interface Played {
	history: History;
	sent: Sent[];
	attempts: AttemptResult[];
	stored: Order[];
	leftOpen: string[];
	leaked: string[];
}

/** The HTTP status of the response to a request with this fault. */
const STATUS: Partial<Record<Fault, number>> = {
	'500 before': 500,
	'500 after': 500,
	'502 before': 502,
	'503 after': 503,
	'504 after': 504,
	'429': 429,
	'429 from now on': 429,
	'400': 400,
};

const isUnreachable = (fault: Fault) => fault.startsWith('unreachable');

function kindOf(path: string, parameters: Map<string, string>): Sent['kind'] {
	if (path.includes('register') || path.includes('/widget-request/')) return 'register';
	if (path.endsWith('/RestAPI/requests/')) return 'look-up';
	if (path.includes('delete')) return 'delete';
	return [...parameters.keys()].every((name) => name === 'orderNumber') ? 'look-up' : 'update';
}

/** The parts of the HTTP helper's options that identify a request. */
function askedFor(options: { url?: unknown; body?: unknown; qs?: unknown }) {
	const [path = '', query = ''] = String(options.url).split('?');
	const { body = {} } = options;
	const written = typeof body === 'string' && body.startsWith('{') ? JSON.parse(body) : body;
	const parameters = new Map<string, string>([
		...new URLSearchParams(query),
		...(typeof written === 'string' || written instanceof URLSearchParams
			? new URLSearchParams(written)
			: Object.entries(written as Record<string, string>)),
		...Object.entries((options.qs ?? {}) as Record<string, string>),
	]);
	return { path, parameters, deal: dealIn(parameters), kind: kindOf(path, parameters) };
}

/** Plays one history from start to end, against its own simulator. */
export class Player {
	private readonly clock = CLOCK;

	private readonly played: Played;

	private readonly faults: Fault[][];

	/** The faults for the requests that are on their way to the simulator, by deal. */
	private readonly onTheWay = new Map<number, Fault[]>();

	/** The fault that lasts until the try ends. */
	private outage: Fault | undefined;

	private attempt = 0;

	private setting: Attempt | undefined;

	/** How many times the node started in the attempt, counted separately for each tool call. */
	private readonly tries = new Map<number, number>();

	private requests = 0;

	private waits = 0;

	private jumps = 0;

	private isCancelled = false;

	/** The deals of the input items in each run of the node. */
	private rounds = new Map<number, number[]>();

	private readonly signals = new Map<AbortSignal, number>();

	private cancel: () => void = () => undefined;

	private simulator!: Simulator;

	private oldOrders: Order[] = [];

	constructor(private readonly history: History) {
		this.played = { history, sent: [], attempts: [], stored: [], leftOpen: [], leaked: [] };
		this.faults = history.deals.map(({ faults }) => [...faults]);
		takePhones(history);
	}

	async play(): Promise<Played> {
		const { history, clock, played } = this;
		const rules = {
			repeatedNumbers: history.repeatedNumbers,
			// A twin does not know about the confirmed requests of the other execution.
			shownAfterMs: this.hasTwin ? 0 : history.shownAfterMs,
		};
		clock.chance = seededChance(history.chance);
		const { shownAfterMs } = rules;
		const repeatedNumbers = rules.repeatedNumbers === 'taken' ? 'second' : 'rejected';
		const requestRules = { repeatedNumbers, shownAfterMs } as const;
		this.simulator = await startSimulator({ rules, requestRules });
		try {
			await this.placeOldOrders();
			this.simulator.setIntercept(this.intercept);
			clock.onJump = () => this.onJump();
			await within(STUCK_MS, this.playAttempts(), () => new Stuck(played));
			clock.onJump = undefined;
			await this.lookForWhatIsOpen();
			played.stored = [...this.standing];
			return played;
		} finally {
			clock.onJump = undefined;
			await this.simulator.close();
		}
	}

	private async playAttempts(): Promise<void> {
		const { history } = this;
		if (isAgent(history)) await this.playAsTool();
		else if (history.mode === 'error loop') await this.playErrorLoop();
		else await this.playInEngine();
	}

	/** Creates the orders that exist before the first attempt. */
	private async placeOldOrders(): Promise<void> {
		const { history, simulator, clock } = this;
		const { operation } = history;
		const areThere = operation === 'update' || operation === 'delete';
		// All web form requests have the same contact, so a lookup can't distinguish old requests
		// from new ones.
		const mayBeThere =
			operation === 'upsert' || (!isCreateOnly(operation) && !touchesOrders(history));
		for (const [deal, { isNumberUsed }] of history.deals.entries()) {
			const { number } = valuesOf(history, deal);
			if (!number || !(areThere || (isNumberUsed && mayBeThere))) continue;
			if (isOneOrder(history) && deal > 0) continue;
			await request(`${simulator.url}/calls-service/RestAPI/orders/register/`, 'GET', {
				clientApiId: CANARY,
				orderNumber: String(number),
				orderSum: '1',
				orderStatus: 'old',
				orderDate: '01.01.2018 10:00:00',
				service: 'Old',
			});
		}
		simulator.received.length = 0;
		this.oldOrders = [...simulator.orders];
		clock.advance(MINUTE_MS);
	}

	private onJump(): void {
		if (++this.jumps > MOST_JUMPS) {
			this.cancel();
			this.clock.onJump = undefined;
		}
		const cancelled = this.setting?.cancelled;
		if (cancelled?.at === 'wait' && ++this.waits === cancelled.nth) this.cancelNow();
	}

	private cancelNow(): void {
		this.isCancelled = true;
		this.played.sent
			.filter(({ attempt }) => attempt === this.attempt)
			.forEach((sent) => {
				sent.isCancelled = true;
			});
		this.cancel();
	}

	/** The fault for the next request of a deal. */
	private nextFault(deal: number, kind: Sent['kind']): Fault {
		if (!this.setting) return 'none';
		if (this.outage) return this.outage;
		const fault = this.faults[deal]?.shift() ?? 'none';
		if (fault.endsWith('from now on')) this.outage = fault;
		// Calltouch would report an existing order as missing, so the outcome can't be known.
		const isSaidToBeMissing = kind === 'update' && this.saved.operation === 'upsert';
		if (fault === '400' && (kind === 'look-up' || kind === 'delete' || isSaidToBeMissing)) {
			return 'none';
		}
		// After HTTP 500, a new order is resent immediately if it can't be found.
		if (fault === '500 after' && kind === 'register' && this.history.shownAfterMs > 0) {
			return '500 before';
		}
		return fault;
	}

	private readonly intercept: Intercept = (received, response, carryOut) => {
		const deal = dealIn(received.parameters);
		const fault = this.onTheWay.get(deal)?.shift() ?? 'none';
		const cancelled = this.setting?.cancelled;
		if (cancelled?.at === 'request' && ++this.requests === cancelled.nth) this.cancelNow();
		const sent = this.note(received, fault);
		if (fault === 'none' || fault === 'tls after' || fault.endsWith('after')) {
			const { status, body } = carryOut();
			sent.status = status;
			sent.isCarriedOut = status === 200;
			if (fault === 'none' || fault === 'tls after') {
				response.writeHead(status, { 'content-type': 'application/json' });
				response.end(JSON.stringify(body));
				return true;
			}
		}
		sent.status = STATUS[fault] ?? sent.status;
		if (fault.startsWith('cut')) response.destroy();
		else if (fault.startsWith('timeout')) return true;
		else if (fault.startsWith('unshown')) response.end('<html>Welcome</html>');
		else response.writeHead(STATUS[fault] ?? 500).end();
		return true;
	};

	private note({ path, parameters }: Received | ReturnType<typeof askedFor>, fault: Fault): Sent {
		const deal = dealIn(parameters);
		const number = numberIn(parameters);
		const sent: Sent = {
			deal,
			kind: kindOf(path, parameters),
			number,
			fault,
			attempt: this.attempt,
			atMs: this.clock.epochMs(),
			status: undefined,
			isCarriedOut: false,
			isCancelled: this.isCancelled,
			isNumberTaken: this.oldOrders.some(
				(order) => order.orderNumber === number && this.simulator.orders.includes(order),
			),
		};
		this.played.sent.push(sent);
		return sent;
	}

	/**
	 * Wraps n8n's functions for the node: simulates the network and failing expressions, and tracks
	 * open requests.
	 */
	private readonly between = (n8n: IExecuteFunctions): IExecuteFunctions => {
		const isEngine = !isAgent(this.history);
		const call = isEngine ? NaN : this.dealOf(n8n, 0);
		const tries = (this.tries.get(call) ?? 0) + 1;
		this.tries.set(call, tries);
		// Time must not advance while parallel calls wait for responses, because they would time out.
		// Time must also not advance before a request of a canceled try has arrived.
		const isAlone = isEngine ? this.history.mode !== 'twins' : !this.history.isParallel;
		const isOnTheWay = [...this.onTheWay.values()].some((faults) => faults.length > 0);
		if (tries > 1 && this.setting && isAlone && !isOnTheWay) {
			this.clock.advance(this.setting.triesApartMs);
		}
		this.outage = undefined;
		const failing = this.setting?.failing;
		if (isEngine) {
			const deals = n8n.getInputData().map((_item, itemIndex) => this.dealOf(n8n, itemIndex));
			this.rounds.set(Number(n8n.evaluateExpression('{{ $runIndex }}', 0)), deals);
		}
		const signal = n8n.getExecutionCancelSignal();
		if (signal && !this.signals.has(signal)) this.signals.set(signal, listenersOn(signal));
		const isFailing = (name: string, itemIndex: number) =>
			failing !== undefined &&
			tries <= failing.tries &&
			FAILING[failing.parameter]?.includes(name) &&
			failing.deal === this.dealOf(n8n, itemIndex);
		const getNodeParameter = (name: string, itemIndex: number, ...rest: unknown[]): unknown => {
			if (isFailing(name, itemIndex)) throw new Error("Referenced node doesn't exist");
			return Reflect.apply(n8n.getNodeParameter, n8n, [name, itemIndex, ...rest]);
		};
		return Object.create(n8n, {
			getNodeParameter: { value: getNodeParameter },
			helpers: { value: this.networkOf(n8n.helpers) },
		}) as IExecuteFunctions;
	};

	private dealOf(n8n: IExecuteFunctions, itemIndex: number): number {
		const { deal } = n8n.getInputData()[itemIndex]?.json ?? {};
		return Number(/\d+/.exec(String(deal))?.[0] ?? NaN);
	}

	private networkOf(helpers: IExecuteFunctions['helpers']): IExecuteFunctions['helpers'] {
		type Helper = (this: unknown, ...rest: unknown[]) => Promise<unknown>;
		const through = (helper: Helper, asked: (rest: unknown[]) => unknown): Helper => {
			const send = this.send.bind(this);
			return async function (...rest) {
				return await send(
					asked(rest) as object,
					async () => await Reflect.apply(helper, this, rest),
				);
			};
		};
		return Object.assign(Object.create(helpers) as IExecuteFunctions['helpers'], {
			httpRequest: through(helpers.httpRequest as Helper, ([options]) => options),
			httpRequestWithAuthentication: through(
				helpers.httpRequestWithAuthentication as unknown as Helper,
				([, options]) => options,
			),
		});
	}

	/** Sends one request or makes it fail. */
	private async send(options: object, go: () => Promise<unknown>): Promise<unknown> {
		const asked = askedFor(options);
		const { deal, kind } = asked;
		const fault = this.nextFault(deal, kind);
		if (isUnreachable(fault) || fault === 'not sent') {
			this.note(asked, fault);
			throw fault === 'not sent' ? new Error('database is locked') : networkError('ECONNREFUSED');
		}
		const queue = this.onTheWay.get(deal) ?? [];
		this.onTheWay.set(deal, queue);
		queue.push(fault);
		const answer = await go();
		if (fault === 'tls after') throw networkError('ERR_SSL_WRONG_VERSION_NUMBER');
		return answer;
	}

	/** The simulator's orders, or the created web form requests or callbacks. */
	private get standing(): Order[] {
		const { simulator, history } = this;
		if (history.operation === 'createCallback') {
			return simulator.callbacks.map(({ id, phone, body }) => {
				const order: AsOrder = {
					...{ orderId: id, orderNumber: phone, comment: String(body.utmTerm), status: '' },
				};
				return order as Order;
			});
		}
		if (history.operation !== 'createRequest') return simulator.orders;
		return createdRequests(simulator).map(({ id, foreignId, subject, sent }) => {
			const order: AsOrder = {
				orderId: Number(id),
				orderNumber: foreignId ?? id,
				comment: sent?.comment ?? '',
				status: subject ?? '',
			};
			return order as Order;
		});
	}

	private get saved(): Saved {
		const { history, attempt } = this;
		return savedBefore(history, Math.min(attempt, history.attempts.length - 1));
	}

	private begin(setting: Attempt | undefined): Saved {
		this.setting = setting;
		this.tries.clear();
		this.requests = 0;
		this.waits = 0;
		this.isCancelled = false;
		this.onTheWay.clear();
		this.rounds = new Map();
		this.clock.advance(setting?.pauseMs ?? MINUTE_MS + 1_000);
		this.clock.jump(setting?.clockJumpMs ?? 0);
		return this.saved;
	}

	private async end(result: Omit<AttemptResult, 'isCancelled' | 'isUndisturbed' | 'stood'>) {
		await settled();
		this.played.attempts.push({
			...result,
			isCancelled: this.isCancelled,
			isUndisturbed: this.setting === undefined,
			stood: this.standing.map((order) => ({ ...order })),
		});
		this.signals.forEach((before, signal) => {
			const left = listenersOn(signal) - before;
			if (left > 0) this.played.leftOpen.push(`${left} listeners on the signal`);
		});
		this.signals.clear();
		if (this.clock.waiting() > 0) this.played.leftOpen.push(`${this.clock.waiting()} waits`);
		this.attempt++;
	}

	private get nodeSettings(): Partial<INode> {
		const { tries, onError } = this.history;
		return {
			onError,
			...(tries > 1 ? { retryOnFail: true, maxTries: tries, waitBetweenTries: 1 } : {}),
		};
	}

	private get target(): Target {
		return { url: this.simulator.url, clock: this.clock, between: this.between };
	}

	private setUp(type: string) {
		const { history, target } = this;
		return {
			nodeTypes: { [type]: nodeFor(target) },
			credential: credentialFor(target, { requestsPerSecond: history.requestsPerSecond }),
		};
	}

	/** Whether twins update the same orders. Users may create or delete one twice on purpose. */
	private get hasTwin(): boolean {
		const { mode, operation } = this.history;
		return mode === 'twins' && (operation === 'upsert' || operation === 'update');
	}

	/** The settings of all attempts; undefined for the undisturbed attempts at the end. */
	private get settings(): Array<Attempt | undefined> {
		return [...this.history.attempts, ...Array.from({ length: LAST_RETRIES }, () => undefined)];
	}

	private async playInEngine(): Promise<void> {
		const { history } = this;
		let failed = await this.failWithOtherAccount();
		for (const setting of this.settings) {
			const saved = this.begin(setting);
			const isFirst = this.attempt === 0;
			const running = Array.from({ length: isFirst && this.hasTwin ? 2 : 1 }, () =>
				execute(this.workflow(saved), this.setUp(NODE_TYPE), failed),
			);
			this.cancel = () => running.forEach(({ cancel }) => cancel());
			const all = await Promise.all(running.map(async ({ finished }) => await finished));
			this.played.leaked.push(...leaks(all, CANARY));
			await this.end(
				all
					.map((finished) => this.resultsOf(finished, saved))
					.reduce((one, other) => ({
						...one,
						results: [...one.results, ...other.results],
						failure: one.failure ?? other.failure,
						unpaired: [...one.unpaired, ...other.unpaired],
					})),
			);
			failed = all.find(({ status }) => status !== 'success');
			if (!failed) return;
			// After a cancellation, n8n does not rerun a node that continues after errors, only
			// the nodes after it.
			if (this.isCancelled && history.onError !== 'stopWorkflow') return;
		}
	}

	/** An attempt with the credential of another account, which rejects only the last order. */
	private async failWithOtherAccount(): Promise<IRun | undefined> {
		const { history, clock, played } = this;
		const { isCredentialCorrected, mode, onError, operation } = history;
		// The node does not call a phone again if it has rung for another account.
		if (!isCredentialCorrected || operation === 'createCallback') return undefined;
		if (mode !== 'plain' || onError !== 'stopWorkflow') return undefined;
		const other = await startSimulator();
		other.setIntercept(({ parameters }, response, carryOut) => {
			const isLast = dealIn(parameters) === history.deals.length - 1;
			const { body } = carryOut();
			response.writeHead(isLast ? 422 : 200).end(isLast ? '' : JSON.stringify(body));
			return true;
		});
		const saved = this.begin(undefined);
		const setUp = this.setUp(NODE_TYPE);
		const credential = credentialFor({ url: other.url });
		const between = (n8n: IExecuteFunctions) =>
			Object.create(n8n, {
				helpers: { value: this.networkOf(n8n.helpers) },
			}) as IExecuteFunctions;
		const nodeTypes = { [NODE_TYPE]: nodeFor({ clock, between }) };
		const file = this.workflow(saved);
		try {
			const finished = await execute(file, { ...setUp, nodeTypes, credential }).finished;
			played.leaked.push(...leaks(finished, CANARY));
			return finished.status === 'success' ? undefined : finished;
		} finally {
			await other.close();
		}
	}

	/** Plays the attempts as rounds of a loop, in which the error output leads back to the node. */
	private async playErrorLoop(): Promise<void> {
		const { history } = this;
		const settings = this.settings.values();
		const saved = this.begin(settings.next().value);
		const setUp = this.setUp(NODE_TYPE);
		const node = setUp.nodeTypes[NODE_TYPE] as INodeType;
		const { execute: run } = node;
		let underWay: Promise<INodeExecutionData[][]> | undefined;
		const ended = async (output: INodeExecutionData[][]) => {
			const deals = [...this.rounds.values()].at(-1) ?? [];
			await this.end({ saved, given: deals, ...this.resultsIn(output, deals) });
		};
		node.execute = async function () {
			underWay = run?.call(this) as Promise<INodeExecutionData[][]>;
			await ended(await underWay);
			return await underWay;
		};
		const again = againTypes(() => {
			const next = settings.next();
			if (!next.done) this.begin(next.value);
			return !next.done;
		});
		const file = singleNodeWorkflow({
			type: NODE_TYPE,
			parameters: parametersFor(history, saved),
			items: history.deals.map((_deal, item) => ({
				json: valuesOf(history, item),
				pairedItem: { item },
			})),
			nodeSettings: { ...this.nodeSettings, onError: 'continueErrorOutput' },
		});
		const running = execute(withErrorLoop(file), {
			...setUp,
			nodeTypes: { ...setUp.nodeTypes, ...again },
		});
		this.cancel = running.cancel;
		this.played.leaked.push(...leaks(await running.finished, CANARY));
		// n8n does not wait for a node that it has canceled.
		await underWay?.catch(() => undefined);
		await settled();
	}

	private workflow(saved: Saved): WorkflowFile {
		const { history } = this;
		const [first = [], second = []] = roundsOf(history).map((round) =>
			round.map(
				(deal, item): INodeExecutionData => ({
					json: valuesOf(history, deal),
					pairedItem: { item },
				}),
			),
		);
		const file = singleNodeWorkflow({
			type: NODE_TYPE,
			parameters: parametersFor(history, saved),
			items: first,
			nodeSettings: this.nodeSettings,
		});
		if (second.length === 0) return file;
		const again: INode = {
			id: '3',
			name: 'Again',
			type: 'test.pass',
			typeVersion: 1,
			// This node is below the node under test, because n8n runs higher nodes first.
			position: [200, 400],
			parameters: {},
		};
		const toCalltouch = [{ node: 'Calltouch', type: 'main' as const, index: 0 }];
		return {
			...file,
			nodes: [...file.nodes, again],
			connections: {
				Trigger: { main: [[...toCalltouch, { node: 'Again', type: 'main', index: 0 }]] },
				Again: { main: [toCalltouch] },
			},
			pinData: { ...file.pinData, Again: second },
		};
	}

	private resultsOf({ data }: IRun, saved: Saved) {
		const runs = data.resultData.runData.Calltouch ?? [];
		const results: Result[] = [];
		const unpaired: string[] = [];
		let failure: Result | undefined;
		const given = [...this.rounds.values()].flat();
		for (const [round, deals] of this.rounds) {
			const { data: output, error } = runs[round] ?? {};
			if (error || !output) {
				const text = error ? `${error.message}. ${error.description ?? ''}` : 'no output';
				const item = Number(/\[item (\d+)[\],]/.exec(text)?.[1] ?? NaN);
				failure = { deal: deals[item] ?? NaN, error: text };
				continue;
			}
			const inRound = this.resultsIn(output.main ?? [], deals);
			results.push(...inRound.results);
			unpaired.push(...inRound.unpaired);
		}
		return { saved, given, results, unpaired, failure };
	}

	private resultsIn(output: Array<INodeExecutionData[] | null>, deals: number[]) {
		const items = output.flatMap((branch) => branch ?? []);
		const paired = items.map(({ pairedItem }) =>
			typeof pairedItem === 'object' && !Array.isArray(pairedItem) ? pairedItem.item : NaN,
		);
		const isPaired = [...paired].sort().join() === [...deals.keys()].sort().join();
		const unpaired = isPaired ? [] : [`${deals.length} items became ${paired.join()}`];
		const results = items.map(({ json }, index): Result => {
			const deal = deals[paired[index] ?? NaN] ?? NaN;
			return 'error' in json ? { deal, error: String(json.error) } : { deal, json };
		});
		return { results, unpaired };
	}

	private async playAsTool(): Promise<void> {
		const { history } = this;
		const canRemember = history.mode === 'tool';
		let data: IRunExecutionData = createRunExecutionData({});
		let waiting = [...history.deals.keys()];
		for (const setting of canRemember
			? [...history.attempts, ...Array.from({ length: LAST_RETRIES }, () => undefined)]
			: [history.attempts[0]]) {
			const saved = this.begin(setting);
			const controller = executionController();
			this.cancel = () => controller.abort(new Error('cancelled'));
			const file = agentWorkflow({
				type: TOOL_TYPE,
				parameters: parametersFor(history, saved),
				...(canRemember ? this.nodeSettings : { onError: history.onError }),
			});
			// All calls in a turn share one tool, so that n8n numbers their runs in one sequence.
			const setUp = this.setUp(TOOL_TYPE);
			const newTool = () =>
				toolOfAgent(
					file,
					setUp,
					canRemember
						? { data, signal: controller.signal }
						: { data: createEmptyRunExecutionData() },
				);
			const tool = newTool();
			const call = async (deal: number) =>
				await this.callTool(canRemember ? tool : newTool(), deal);
			const results: Result[] = [];
			if (history.isParallel) results.push(...(await Promise.all(waiting.map(call))));
			else for (const deal of waiting) results.push(await call(deal));
			this.played.leaked.push(...leaks(data, CANARY));
			await this.end({ saved, given: waiting, results, unpaired: [] });
			const failed = new Set(results.filter(({ error }) => error).map(({ deal }) => deal));
			waiting = waiting.filter((deal) => failed.has(deal));
			if (waiting.length === 0) return;
			// n8n saves the execution and loads it for a retry.
			data = JSON.parse(JSON.stringify(data)) as IRunExecutionData;
		}
	}

	private async callTool(tool: ReturnType<typeof toolOfAgent>, deal: number): Promise<Result> {
		try {
			const answer = await tool(valuesOf(this.history, deal));
			this.played.leaked.push(...leaks(answer, CANARY));
			if (!answer.startsWith('[')) return { deal, error: answer };
			const [json = {}] = JSON.parse(answer) as IDataObject[];
			return 'error' in json ? { deal, error: String(json.error) } : { deal, json };
		} catch (error) {
			this.played.leaked.push(...leaks(error, CANARY));
			return { deal, error: (error as Error).message };
		}
	}

	/** Checks that earlier runs do not delay a run with another credential. */
	private async lookForWhatIsOpen(): Promise<void> {
		const { simulator, clock, played } = this;
		clock.advance(IDLE_MS);
		const arrivedMs: number[] = [];
		simulator.setIntercept((_received, response) => {
			arrivedMs.push(clock.nowMs());
			response.end(JSON.stringify({ orderId: 1 }));
			return true;
		});
		const between = (n8n: IExecuteFunctions) =>
			Object.create(n8n, { helpers: { value: this.networkOf(n8n.helpers) } }) as IExecuteFunctions;
		this.setting = undefined;
		await run(
			{ url: simulator.url, clock, between },
			{
				parameters: NEW_ORDER,
				items: [{}, {}, {}, {}, {}],
				credential: { requestsPerSecond: 5 },
			},
		);
		const tookMs = Math.max(...arrivedMs) - Math.min(...arrivedMs);
		if (arrivedMs.length !== 5 || tookMs > AT_ONCE_MS) {
			played.leftOpen.push(`${arrivedMs.length} of 5 orders of a next run left in ${tookMs} ms`);
		}
		await settled();
		if (clock.waiting() > 0) played.leftOpen.push(`${clock.waiting()} waits after a next run`);
	}
}

/** The time within which the first five requests leave, including a few milliseconds of delay. */
const AT_ONCE_MS = 250;

/** Reproducible random numbers from a linear congruential generator. */
function seededChance(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 32;
	};
}

/** An error with a network code, as n8n wraps it. */
function networkError(code: string): Error {
	return Object.assign(new Error(`socket said ${code}`), { cause: { code } });
}

/** Thrown when a history never ends. */
export class Stuck extends Error {
	constructor(readonly played: Played) {
		super('The node never came to an end.');
	}
}
