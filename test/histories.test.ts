import fc from 'fast-check';

import { histories, printed, type History } from './support/histories';
import { problemsIn, report } from './support/historyChecks';
import { Player, Stuck } from './support/playHistory';
import { GIVEN_HISTORY, SEED, testLength } from './support/testLength';

const HISTORIES = testLength(300);
const PLAYING_MS = 4 * 3600_000;

/** Plays a history, and says what went wrong and how it went. */
async function check(history: History): Promise<void> {
	try {
		const played = await new Player(history).play();
		const problems = problemsIn(played);
		if (problems.length > 0) await fail([...problems, report(played)]);
	} catch (error) {
		if (error instanceof Stuck) await fail([error.message, report(error.played)]);
		await Promise.reject(error);
	}
}

async function fail(lines: string[]): Promise<never> {
	return await Promise.reject(new Error(lines.join('\n')));
}

async function asserted(details: fc.RunDetails<[History]>): Promise<void> {
	if (!details.failed) return;
	const [history] = details.counterexample ?? [];
	const { errorInstance } = details;
	await fail([
		`Seed ${details.seed}, after ${details.numRuns} histories and ${details.numShrinks} shorter ones:`,
		errorInstance instanceof Error ? errorInstance.message : String(history && printed(history)),
	]);
}

it(
	given
		? 'the given history keeps all rules'
		: 'a history of faults, stops and retries, whatever happens in it, keeps all rules',
	async () => {
		if (GIVEN_HISTORY) return await check(JSON.parse(GIVEN_HISTORY) as History);
		await fc.assert(fc.asyncProperty(histories, check), {
			numRuns: HISTORIES,
			seed: SEED,
			asyncReporter: asserted,
		});
	},
	PLAYING_MS,
);
