import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteFunctions,
	INode,
	INodeExecutionData,
	IRun,
} from 'n8n-workflow';

import { CalltouchApi } from '../../credentials/CalltouchApi.credentials';
import { Calltouch } from '../../nodes/Calltouch/Calltouch.node';
import { runItems } from '../../nodes/Calltouch/execution/runItems';
import type { Clock } from '../../nodes/Calltouch/rateLimit/clock';
import type * as server from '../../simulator/server';
import type { Intercept } from '../../simulator/server';
import { jumpingClock } from '../../tools/clocks';
import { execute, singleNodeWorkflow } from '../../tools/engine';
import { leaks } from './secrets';
import { startOnUnusedPort } from './unusedPort';

/** The server that a run sends requests to, and the node's clock. */
export interface Target {
	url: string;
	/** The node's clock; by default, the system clock. */
	clock?: Clock;
	/** Called on each attempt; wraps n8n's functions for the node. */
	between?: (n8n: IExecuteFunctions) => IExecuteFunctions;
}

/** The simulator of Calltouch. */
export type Simulator = Awaited<ReturnType<typeof server.startSimulator>> &
	Required<Pick<Target, 'clock'>>;

/**
 * An API token as long as real ones, with characters that URLs, forms and JSON encode differently.
 * {@link outcome} checks that no run leaves the token behind in any form.
 */
export const CANARY = 'Gl+3t/whr"kA1C\\yud4x&T48=E8FPe?yrG#Qsw%b3n r2';

export const NODE_TYPE = 'n8n-nodes-calltouch.calltouch';
/** n8n's name for the node as a tool. */
export const TOOL_TYPE = `${NODE_TYPE}Tool`;

type Options = NonNullable<Parameters<typeof server.startSimulator>[0]>;

/**
 * The clock of the node and the simulator. The clock stops during work and otherwise jumps to the
 * end of the next wait, so tests neither wait nor depend on the machine's speed. All tests in a
 * file share the clock, because the rate limiter of a host keeps its first clock.
 */
export const CLOCK = jumpingClock();

/** The simulators to close after the current test, and after all tests in the file. */
const ofTest = new Set<Simulator>();
const ofFile = new Set<Simulator>();
let current = ofFile;
beforeEach(() => {
	current = ofTest;
});
afterEach(async () => {
	await Promise.all([...ofTest].map(async ({ close }) => await close()));
	current = ofFile;
});
afterAll(async () => {
	await Promise.all([...ofFile].map(async ({ close }) => await close()));
});

/**
 * A simulator without a rate limit, for tests that are not about the limit. The simulator is closed
 * after the test that starts it, or after all tests if `beforeAll` starts it.
 */
export async function startSimulator(options: Options = {}): Promise<Simulator> {
	const started = await startOnUnusedPort({
		token: CANARY,
		limit: 'off',
		clock: { epochMs: CLOCK.epochMs, sleep: sleepWhileUnanswered },
		...options,
	});
	const setIntercept: Simulator['setIntercept'] = (intercept) =>
		started.setIntercept(intercept && noticingSilence(intercept));
	const unclosed = current;
	const close = async () => {
		// One long test can start and close thousands of simulators.
		unclosed.delete(simulator);
		await started.close();
	};
	const simulator: Simulator = { ...started, close, setIntercept, clock: CLOCK };
	unclosed.add(simulator);
	return simulator;
}

async function sleepWhileUnanswered(ms: number): Promise<void> {
	const answer = CLOCK.leaveUnanswered();
	await CLOCK.sleep(ms).finally(answer);
}

/** Lets time pass while a request waits for a response that an intercept has not sent yet. */
const noticingSilence =
	(intercept: Intercept): Intercept =>
	(request, response, carryOut) => {
		const isHandled = intercept(request, response, carryOut);
		if (isHandled && !response.writableEnded && !response.destroyed) {
			response.on('close', CLOCK.leaveUnanswered());
		}
		return isHandled;
	};

/** The node with the target's clock. */
export function nodeFor({ clock, between = (n8n) => n8n }: Omit<Target, 'url'>): Calltouch {
	const node = new Calltouch();
	if (clock) {
		node.execute = async function () {
			// The workflow itself can read the system time.
			CLOCK.advance(Math.max(0, Date.now() - CLOCK.epochMs()));
			return [await runItems.call(between(withStandingTime(this)), clock)];
		};
	}
	return node;
}

/** Stops the clock during each request. */
function withStandingTime(n8n: IExecuteFunctions): IExecuteFunctions {
	type Send = (this: unknown, ...rest: unknown[]) => Promise<unknown>;
	const standing = (send: unknown): Send =>
		async function (...rest) {
			return await CLOCK.during(Reflect.apply(send as Send, this, rest));
		};
	const { httpRequest, httpRequestWithAuthentication } = n8n.helpers;
	const helpers = Object.assign(Object.create(n8n.helpers) as typeof n8n.helpers, {
		httpRequest: standing(httpRequest),
		httpRequestWithAuthentication: standing(httpRequestWithAuthentication),
	});
	return Object.create(n8n, { helpers: { value: helpers } }) as IExecuteFunctions;
}

export function credentialFor({ url }: Target, changed: ICredentialDataDecryptedObject = {}) {
	const data = {
		clientApiId: CANARY,
		timeZone: 'Europe/Moscow',
		requestsPerSecond: 5,
		baseUrl: url,
		...changed,
	};
	return { type: new CalltouchApi(), data };
}

export interface Execution {
	parameters: INode['parameters'];
	items?: IDataObject[];
	nodeSettings?: Partial<INode>;
	timezone?: string;
	credential?: ICredentialDataDecryptedObject;
}

/** Starts the node in n8n's engine. Returns the engine's `finished` and `cancel`. */
export function start(
	target: Target,
	{ parameters, items = [{}], nodeSettings, timezone, credential }: Execution,
	failed?: IRun,
) {
	const file = singleNodeWorkflow({
		type: NODE_TYPE,
		parameters: { resource: 'order', ...parameters },
		items: items.map((json, item) => ({ json, pairedItem: { item } })),
		nodeSettings,
		timezone,
	});
	let begin = () => {};
	const begun = new Promise<void>((resolve) => {
		begin = resolve;
	});
	const between: Target['between'] = (n8n) => {
		begin();
		return target.between?.(n8n) ?? n8n;
	};
	const setup = {
		nodeTypes: { [NODE_TYPE]: nodeFor({ ...target, between }) },
		credential: credentialFor(target, credential),
	};
	const started = execute(file, setup, failed);
	// Other executions wait until n8n has started the node.
	void CLOCK.during(Promise.race([begun, started.finished]));
	return started;
}

/** The outcome of a run. */
export interface Outcome {
	run: IRun;
	status: IRun['status'];
	/** The node's error if the run failed. */
	error: { message: string; description?: string; httpCode?: string; context?: IDataObject };
	/** The execution hints. */
	hints: string[];
	/** The items in the success branch. */
	items: INodeExecutionData[];
	/** The items in the error branch, if the node has one. */
	errorItems: INodeExecutionData[];
}

/** Retries a failed run of the node, like "Retry execution" in n8n's list of executions. */
export async function retry(
	target: Target,
	execution: Execution,
	failed: Outcome,
): Promise<Outcome> {
	return outcome(await start(target, execution, failed.run).finished);
}

/** Runs the node in n8n's engine to completion. */
export async function run(target: Target, execution: Execution): Promise<Outcome> {
	return outcome(await start(target, execution).finished);
}

export function outcome(run: IRun): Outcome {
	expect(leaks(run, CANARY)).toEqual([]);
	const runs = run.data.resultData.runData.Calltouch ?? [];
	const last = runs[runs.length - 1];
	return {
		run,
		status: run.status,
		error: run.data.resultData.error as unknown as Outcome['error'],
		hints: (last?.hints ?? []).map(({ message }) => message),
		items: last?.data?.main?.[0] ?? [],
		errorItems: last?.data?.main?.[1] ?? [],
	};
}

/** The required values of a new order, with the date from Calltouch's own example. */
export const NEW_ORDER = {
	operation: 'create',
	linkTo: 'none',
	orderSum: '1000',
	orderStatus: 'start',
	orderDate: '26.03.2018 10:00:00',
	service: 'AmoCRM',
};

/** The parameters of the simulator's last request, as a plain object. */
export function lastParameters(simulator: Simulator): Record<string, string> {
	const last = simulator.received[simulator.received.length - 1];
	return last ? Object.fromEntries(last.parameters) : {};
}
