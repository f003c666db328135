import type { Connection } from '../transport/sendWithRetry';

/** A task that enters the queue. */
export interface Entrant extends Pick<Connection, 'clock' | 'cancelSignal'> {
	/** Tasks with the same owner wait for each other without a time limit. */
	owner: object;
	maxWaitMs: number;
	/** Called when a task of another owner starts to wait for this task. */
	hurry(): void;
}

/** A task's turn in the queue. */
export interface Turn {
	/** How long the task waited for tasks of other owners, in milliseconds. */
	waitedMs: number;
	/** Lets the next task begin. */
	leave(): void;
}

/** The longest delay that a timer accepts. */
const MAX_SLEEP_MS = 2 ** 31 - 1;

interface Member extends Pick<Entrant, 'owner' | 'hurry'> {
	ended: Promise<void>;
}

/**
 * Runs tasks with a common key one after another: a task begins when all earlier tasks have ended.
 * Tasks without a common key do not wait for each other.
 */
export class KeyedQueue {
	/** The unfinished tasks of each key, in order of arrival. */
	private readonly lines = new Map<string, Set<Member>>();

	/**
	 * Waits until all earlier tasks with one of these keys have ended.
	 *
	 * @returns undefined if tasks of other owners take longer than the task may wait. Rejects with
	 * the signal's reason if the signal is aborted during the wait.
	 */
	async enter(keys: readonly string[], entrant: Entrant): Promise<Turn | undefined> {
		const { owner, clock, hurry } = entrant;
		const earlier = keys.map((key) => [...(this.lines.get(key) ?? [])]);
		// The latest task of the same owner has already waited for that owner's earlier tasks.
		const own = earlier.map((line) => line.filter((one) => one.owner === owner).at(-1)?.ended);
		const others = [...new Set(earlier.flat().filter((one) => one.owner !== owner))];
		let end: () => void = () => undefined;
		const member = { owner, hurry, ended: new Promise<void>((resolve) => (end = resolve)) };
		for (const key of keys) this.lines.set(key, (this.lines.get(key) ?? new Set()).add(member));
		const leave = () => {
			for (const key of keys) this.remove(key, member);
			end();
		};
		for (const other of others) other.hurry();
		let isFree = false;
		try {
			await Promise.all(own);
			const sinceMs = clock.nowMs();
			isFree = await endsInTime(others, entrant);
			return isFree ? { waitedMs: clock.nowMs() - sinceMs, leave } : undefined;
		} finally {
			if (!isFree) leave();
		}
	}

	private remove(key: string, member: Member): void {
		const line = this.lines.get(key);
		line?.delete(member);
		if (line?.size === 0) this.lines.delete(key);
	}
}

/** Whether these tasks end before the entrant's maximum wait is over. */
async function endsInTime(
	members: Member[],
	{ maxWaitMs, clock, cancelSignal }: Entrant,
): Promise<boolean> {
	if (members.length === 0) return true;
	const over = new AbortController();
	const either = cancelSignal ? AbortSignal.any([cancelSignal, over.signal]) : over.signal;
	try {
		return await Promise.race([
			Promise.all(members.map(async ({ ended }) => await ended)).then(() => true),
			clock.sleep(Math.min(maxWaitMs, MAX_SLEEP_MS), either).then(() => false),
		]);
	} finally {
		over.abort();
	}
}
