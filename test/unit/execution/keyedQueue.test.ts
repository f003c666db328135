import { KeyedQueue } from '../../../nodes/Calltouch/execution/keyedQueue';
import { VirtualClock } from '../../support/virtualNetwork';

/** Runs tasks of a second each, and notes when each of them begins, in seconds. */
function setUp() {
	const clock = new VirtualClock(1);
	const queue = new KeyedQueue();
	const begun: Record<string, number> = {};
	const run = async (name: string, keys: string[], fails = false) =>
		await queue.run(keys, async () => {
			begun[name] = clock.elapsedMs() / 1000;
			await clock.sleep(1000);
			if (fails) throw new Error(name);
			return name;
		});
	return { clock, begun, run };
}

it('Tasks with a common key run one after the other, in their order', async () => {
	const { clock, begun, run } = setUp();
	const tasks = [run('a', ['x']), run('b', ['x']), run('c', ['x'])];
	expect(await clock.until(Promise.all(tasks))).toEqual(['a', 'b', 'c']);
	expect(begun).toEqual({ a: 0, b: 1, c: 2 });
});

it('Tasks without a common key, or without any, do not wait for each other', async () => {
	const { clock, begun, run } = setUp();
	await clock.until(Promise.all([run('a', ['x']), run('b', ['y']), run('c', []), run('d', [])]));
	expect(begun).toEqual({ a: 0, b: 0, c: 0, d: 0 });
});

it('A task with two keys waits for the earlier tasks of both', async () => {
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

it('A task that fails does not keep the next one with its key from running', async () => {
	const { clock, begun, run } = setUp();
	const tasks = [run('a', ['x'], true), run('b', ['x']), run('c', ['y'], true)];
	expect(await clock.until(Promise.allSettled(tasks))).toEqual([
		{ status: 'rejected', reason: new Error('a') },
		{ status: 'fulfilled', value: 'b' },
		{ status: 'rejected', reason: new Error('c') },
	]);
	expect(begun).toEqual({ a: 0, b: 1, c: 0 });
});

it('A task whose key was used by an ended task runs at once', async () => {
	const { clock, begun, run } = setUp();
	await clock.until(run('a', ['x']));
	await clock.until(run('b', ['x']));
	expect(begun).toEqual({ a: 0, b: 1 });
});

it('A task begins in the same turn as it is queued when no task with its key runs', async () => {
	const { clock, begun, run } = setUp();
	const first = run('a', ['x']);
	expect(begun).toEqual({ a: 0 });
	await clock.until(first);
	const second = run('b', ['x']);
	expect(begun).toEqual({ a: 0, b: 1 });
	await clock.until(second);
});

it('A task waits for the one before it although an earlier one with its key has ended', async () => {
	const { clock, begun, run } = setUp();
	const [first, second] = [run('a', ['x']), run('b', ['x'])];
	await clock.until(first);
	const third = run('c', ['x']);
	await clock.until(Promise.all([second, third]));
	expect(begun).toEqual({ a: 0, b: 1, c: 2 });
});
