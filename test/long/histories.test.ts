import fc from 'fast-check';

import { histories, printed, type History } from '../support/histories';
import { problemsIn, report } from '../support/historyChecks';
import { Player, Stuck } from '../support/playHistory';
import { GIVEN_HISTORY, SEED, testLength } from '../support/testLength';

const HISTORIES = testLength(120);
const PLAYING_MS = 4 * 3600_000;

/**
 * Plays a history. Returns the problems and events, or undefined if the history follows all rules.
 */
async function wrongIn(history: History): Promise<string | undefined> {
	try {
		const played = await new Player(history).play();
		const problems = problemsIn(played);
		return problems.length > 0 ? [...problems, report(played)].join('\n') : undefined;
	} catch (error) {
		if (error instanceof Stuck) return `${error.message}\n${report(error.played)}`;
		return `${error instanceof Error ? error.stack : String(error)}\n${printed(history)}`;
	}
}

/** Throws an error with the shortest failing history and its events. */
async function asserted({ failed, seed, numRuns, numShrinks, ...rest }: fc.RunDetails<[History]>) {
	const { counterexample } = rest;
	if (!failed || !counterexample) return;
	const wrong = await wrongIn(counterexample[0]);
	throw new Error(
		`Seed ${seed}, history ${numRuns}, made shorter ${numShrinks} times:\n` +
			(wrong ?? `Went wrong once, and not again:\n${printed(counterexample[0])}`),
	);
}

if (GIVEN_HISTORY !== undefined) {
	const history = JSON.parse(GIVEN_HISTORY) as History;
	it('The history in TEST_HISTORY follows all rules', async () => {
		expect(await wrongIn(history)).toBeUndefined();
	});
} else {
	it(
		'A random history of faults, stops and retries follows all rules',
		async () => {
			const keepsRules = fc.asyncProperty(
				histories,
				async (history) => (await wrongIn(history)) === undefined,
			);
			await fc.assert(keepsRules, { numRuns: HISTORIES, seed: SEED, asyncReporter: asserted });
		},
		PLAYING_MS,
	);
}
