import type { IDataObject } from 'n8n-workflow';

import type { ChangePlan } from '../../nodes/Calltouch/actions/operation';
import type { ApiRequest, Endpoint } from '../../nodes/Calltouch/api/endpoint';
import { deleteOrder, registerOrder, updateOrder } from '../../nodes/Calltouch/api/orders';
import type { ApiResponse } from '../../nodes/Calltouch/api/request';
import { RequestMemory } from '../../nodes/Calltouch/exactlyOnce/requestMemory';
import { ItemRunner, type Job as AnyJob } from '../../nodes/Calltouch/execution/itemRunner';
import { isFailure, NotSentError } from '../../nodes/Calltouch/execution/result';
import * as rateLimiter from '../../nodes/Calltouch/rateLimit/rateLimiter';
import { CalltouchApiError } from '../../nodes/Calltouch/transport/calltouchApiError';
import { fakeExecution, saved } from './fakeExecution';
import { FakeQueue } from './fakeQueue';
import { ACCOUNT, endpointOf, networkError, type Reply, type Script } from './scriptedHelper';
import { VirtualClock } from './virtualNetwork';

export interface Job extends AnyJob {
	plan: ChangePlan;
}

/** The time that each request waits for its permit. */
export const TURN_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const LIMITS = { timeoutMs: 30_000, maxWaitMs: 10_000 };

export const ORDER = {
	orderId: 7,
	orderNumber: 'N-1',
	sum: '6000.0000',
	status: 'won',
	dateCreated: Date.parse('2026-11-23T14:30:00+03:00'),
};
export const VALUES = {
	orderNumber: 'N-1',
	orderSum: '6000',
	orderStatus: 'won',
	orderDate: '23.11.2026 14:30:00',
};

export const json = (body: object): Reply => ({ statusCode: 200, body: JSON.stringify(body) });
export const status = (statusCode: number): Reply => ({ statusCode });
export const CREATED = json(ORDER);
export const FOUND = json({ order: ORDER });
export const foundWith = (changed: object) => json({ order: { ...ORDER, ...changed } });
export const MISSING = status(400);
export const RATE_LIMITED = status(429);
export const PAGE: Reply = { statusCode: 200, body: '<html></html>' };
export const CUT = networkError('ECONNRESET');
export const UNREACHABLE = networkError('ECONNREFUSED');
export const times = (count: number, reply: Reply) => Array.from({ length: count }, () => reply);

/** Responses that are lost or unclear while Calltouch may still be processing the request. */
export const LOST: Array<[string, Reply]> = [
	['was cut', CUT],
	['was HTTP 503', status(503)],
	['was a web page', PAGE],
];
/** Responses from Calltouch that do not show whether the request was carried out. */
export const UNEXPECTED: Array<[string, Reply]> = [
	['was HTTP 500', status(500)],
	['was HTTP 409', status(409)],
];

export function requestTo(endpoint: Endpoint, values: Record<string, string>): ApiRequest {
	return { endpoint, parameters: Object.entries(values) };
}

export function jobOf(request: ApiRequest, sequenceKeys: string[] = []): Job {
	const toOutput = (answer: ApiResponse): IDataObject => ({ answered: answer });
	return { plan: { kind: 'change', request, sequenceKeys, toOutput }, limits: LIMITS };
}

export const newOrder = (changed: Record<string, string> = {}, keys?: string[]) =>
	jobOf(requestTo(registerOrder, { ...VALUES, ...changed }), keys);
export const WITHOUT_NUMBER = jobOf({
	endpoint: registerOrder,
	parameters: Object.entries(VALUES).filter(([name]) => name !== 'orderNumber'),
});
export const updateOf = (orderNumber: string) =>
	jobOf(requestTo(updateOrder, { orderNumber, status: 'won' }));
export const deletionOf = (orderId: string) => jobOf(requestTo(deleteOrder, { orderId }));

export interface Result {
	output?: IDataObject;
	error?: CalltouchApiError;
}

export interface Attempt {
	script?: readonly Reply[] | Script;
	/** Whether the first failure stops the run, because On Error is not set to continue. */
	stopsOnError?: boolean;
	runIndex?: number;
	/** The time after which the execution is canceled, in milliseconds. */
	cancelAfterMs?: number;
	/** Cancels the execution or stops the run before the first response. */
	duringFirst?: 'cancel' | 'stop';
	/** Called with the queue before the first request. */
	prepare?(queue: FakeQueue): void;
}

let executions = 0;

/** An execution that n8n attempts repeatedly, in virtual time. */
export function execution({ isTool = false, hasData = true } = {}) {
	const clock = new VirtualClock(1);
	// Executions for the same account share their unconfirmed create requests.
	const account = { ...ACCOUNT, id: `account ${executions++}` };
	let kept: IDataObject = {};
	const memoryOf = (runIndex = 0) =>
		new RequestMemory(
			fakeExecution({ kept: hasData ? saved(kept) : undefined, isTool, runIndex }).context,
			account,
			clock,
		);
	return {
		clock,
		account,
		/** The state of an item's request that n8n would save with the execution now. */
		remembered: (job: Job, itemIndex = 0) => {
			const previous = memoryOf().find(itemIndex, job.plan);
			return previous && (previous.output ? 'done' : 'unconfirmed');
		},
		pass: async (ms: number) => await clock.until(clock.sleep(ms)),
		async attempt(jobs: AnyJob | AnyJob[], setting: Attempt = {}) {
			const { script = [], stopsOnError = true, runIndex, cancelAfterMs, prepare } = setting;
			const controller = new AbortController();
			kept = saved(kept);
			const { context, asked } = fakeExecution({
				kept: hasData ? kept : undefined,
				isTool,
				runIndex,
				script: (count, request) => {
					const { duringFirst } = count === 0 ? setting : {};
					if (duringFirst === 'cancel') controller.abort(new Error('cancelled'));
					if (duringFirst === 'stop') queue.stop(new NotSentError(new Error('stopped')));
					return typeof script === 'function' ? script(count, request) : script[count];
				},
				cancelSignal: controller.signal,
			});
			const queue = new FakeQueue(clock, TURN_MS, controller.signal);
			prepare?.(queue);
			const openQueue = jest.fn(() => queue.asQueue);
			const limiterFor = jest
				.spyOn(rateLimiter, 'rateLimiterFor')
				.mockReturnValue({ openQueue } as unknown as ReturnType<typeof rateLimiter.rateLimiterFor>);
			const memory = new RequestMemory(context, account, clock);
			const isFirst = !memory.isLaterAttempt;
			memory.begin();
			const runner = new ItemRunner(context, account, clock, memory, stopsOnError && isFirst);
			if (cancelAfterMs !== undefined) {
				void clock.sleep(cancelAfterMs).then(() => controller.abort(new Error('cancelled')));
			}
			const results = await clock.until(
				Promise.all(
					[jobs].flat().map(async (job, index): Promise<Result> => {
						const result = await runner.run(job, index);
						if (isFailure(result)) return { error: result.error as CalltouchApiError };
						const [output = {}] = result.items;
						return { output };
					}),
				),
			);
			return {
				...(results[0] as Result),
				results,
				queue,
				runner,
				openQueue,
				limiterFor,
				sentTo: asked.map(endpointOf),
				urls: asked.map(({ options }) => options.url),
			};
		},
	};
}
