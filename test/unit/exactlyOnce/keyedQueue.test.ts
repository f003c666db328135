import { KeyedQueue, type Entrant } from '../../../nodes/Calltouch/exactlyOnce/keyedQueue';
import { VirtualClock } from '../../support/virtualNetwork';

const MAX_WAIT_MS = 10_000;

/** A queue, and a function that runs one-second tasks and records their start times in seconds. */
function setUp() {
	const clock = new VirtualClock(1);
	const queue = new KeyedQueue();
	const begun: Record<string, number> = {};
	const waitedMs: Record<string, number> = {};
	const hurried: string[] = [];
	const mine = {};
	const run = async (name: string, keys: string[], setting: Partial<Entrant> & Task = {}) => {
		const { fails = false, takesMs = 1000, ...entrant } = setting;
		const hurry = () => hurried.push(name);
		const defaults = { owner: mine, maxWaitMs: MAX_WAIT_MS, clock, cancelSignal: undefined };
		const all = { ...defaults, hurry, ...entrant };
		const turn = await queue.enter(keys, all);
		if (!turn) return 'held up';
		begun[name] = clock.elapsedMs() / 1000;
		waitedMs[name] = turn.waitedMs;
		await clock.sleep(takesMs);
		turn.leave();
		if (fails) throw new Error(name);
		return name;
	};
	return { clock, begun, waitedMs, hurried, run };
}

interface Task {
	fails?: boolean;
	takesMs?: number;
}

it('Tasks with a common key run one after another, in order', async () => {
	const { clock, begun, run } = setUp();
	const tasks = [run('a', ['x']), run('b', ['x']), run('c', ['x'])];
	expect(await clock.until(Promise.all(tasks))).toEqual(['a', 'b', 'c']);
	expect(begun).toEqual({ a: 0, b: 1, c: 2 });
});

it('Tasks without a common key, or without any key, do not wait for each other', async () => {
	const { clock, begun, run } = setUp();
	await clock.until(Promise.all([run('a', ['x']), run('b', ['y']), run('c', []), run('d', [])]));
	expect(begun).toEqual({ a: 0, b: 0, c: 0, d: 0 });
});

it('A task with two keys waits for the earlier tasks with either key', async () => {
	const { clock, begun, run } = setUp();
	const tasks = [
		run('a', ['x']),
		run('b', ['x']),
		run('c', ['y']),
		run('both', ['x', 'y']),
		run('d', ['y']),
	];
	await clock.until(Promise.all(tasks));
	expect(begun).toEqual({ a: 0, b: 1, c: 0, both: 2, d: 3 });
});

it('A failed task does not block the next task with its key', async () => {
	const { clock, begun, run } = setUp();
	const tasks = [
		run('a', ['x'], { fails: true }),
		run('b', ['x']),
		run('c', ['y'], { fails: true }),
	];
	expect(await clock.until(Promise.allSettled(tasks))).toEqual([
		{ status: 'rejected', reason: new Error('a') },
		{ status: 'fulfilled', value: 'b' },
		{ status: 'rejected', reason: new Error('c') },
	]);
	expect(begun).toEqual({ a: 0, b: 1, c: 0 });
});

it('A task runs immediately if the earlier tasks with its key have finished', async () => {
	const { clock, begun, run } = setUp();
	await clock.until(run('a', ['x']));
	await clock.until(run('b', ['x']));
	expect(begun).toEqual({ a: 0, b: 1 });
});

it('A task waits for the second task with its key even after the first one has finished', async () => {
	const { clock, begun, run } = setUp();
	const [first, second] = [run('a', ['x']), run('b', ['x'])];
	await clock.until(first);
	const third = run('c', ['x']);
	await clock.until(Promise.all([second, third]));
	expect(begun).toEqual({ a: 0, b: 1, c: 2 });
});

describe("A task that follows another owner's task", () => {
	const OTHER = { owner: {} };

	it('starts after that task, promotes it and returns the waiting time', async () => {
		const { clock, begun, waitedMs, hurried, run } = setUp();
		await clock.until(Promise.all([run('a', ['x'], OTHER), run('b', ['x']), run('c', ['x'])]));
		expect(begun).toEqual({ a: 0, b: 1, c: 2 });
		expect(waitedMs).toEqual({ a: 0, b: 1000, c: 0 });
		expect(hurried).toEqual(['a', 'a']);
	});

	it('fails if the wait exceeds its limit, and lets the next task start', async () => {
		const { clock, begun, run } = setUp();
		const tasks = [
			run('a', ['x'], { ...OTHER, takesMs: 3000 }),
			run('b', ['x'], { maxWaitMs: 1000 }),
			run('c', ['x']),
		];
		expect(await clock.until(Promise.all(tasks))).toEqual(['a', 'held up', 'c']);
		expect(begun).toEqual({ a: 0, c: 3 });
	});

	it('waits without a time limit for tasks of its own owner', async () => {
		const { clock, run } = setUp();
		const tasks = [run('a', ['x'], { takesMs: 3000 }), run('b', ['x'], { maxWaitMs: 1000 })];
		expect(await clock.until(Promise.all(tasks))).toEqual(['a', 'b']);
	});

	it('leaves the queue if its execution is canceled', async () => {
		const { clock, begun, run } = setUp();
		const controller = new AbortController();
		const first = run('a', ['x'], { ...OTHER, takesMs: 3000 });
		const second = run('b', ['x'], { cancelSignal: controller.signal });
		void clock.sleep(1000).then(() => controller.abort(new Error('cancelled')));
		await expect(clock.until(second)).rejects.toThrow('cancelled');
		expect(clock.elapsedMs()).toBe(1000);
		await clock.until(Promise.all([first, run('c', ['x'], OTHER)]));
		expect(begun).toEqual({ a: 0, c: 3 });
	});

	it('leaves no timer behind', async () => {
		const { clock, run } = setUp();
		await clock.until(Promise.all([run('a', ['x'], OTHER), run('b', ['x'])]));
		expect(clock.elapsedMs()).toBe(2000);
	});
});
