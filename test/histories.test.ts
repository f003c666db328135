import fc from 'fast-check';

import { histories, printed, type History } from './support/histories';
import { problemsIn, report } from './support/historyChecks';
import { Player, Stuck } from './support/playHistory';
import { SEED, testLength } from './support/testLength';

const HISTORIES = testLength(300);
const PLAYING_MS = 4 * 3600_000;

/** Plays a history, and says what went wrong and how it went. */
async function check(history: History): Promise<void> {
	try {
		const played = await new Player(history).play();
		const problems = problemsIn(played);
		if (problems.length > 0) throw new Error([...problems, report(played)].join('\n'));
	} catch (error) {
		if (error instanceof Stuck) throw new Error(`${error.message}\n${report(error.played)}`);
		throw error;
	}
}

async function asserted(details: fc.RunDetails<[History]>): Promise<void> {
	if (!details.failed) return;
	const [history] = details.counterexample ?? [];
	throw new Error(
		`Seed ${details.seed}, after ${details.numRuns} histories and ${details.numShrinks} shorter ones:\n` +
			`${details.errorInstance instanceof Error ? details.errorInstance.message : history && printed(history)}`,
	);
}

const given = process.env.TEST_HISTORY;

it(
	given
		? 'the given history keeps all rules'
		: 'a history of faults, stops and retries, whatever happens in it, keeps all rules',
	async () => {
		if (given) return await check(JSON.parse(given) as History);
		await fc.assert(fc.asyncProperty(histories, check), {
			numRuns: HISTORIES,
			seed: SEED,
			asyncReporter: asserted,
		});
	},
	PLAYING_MS,
);
