// @ts-check
// How Calltouch counts requests. Only with --limit, since everything else that sends from this IP
// address is rate limited as well.
const { UPDATE } = require('./paths');
const { holdsIf, isAnswer, unsettled } = require('./verdict');

/** @typedef {import('./client').Exchange} Exchange */
/** @typedef {import('./verdict').Assumption} Assumption */
/** @typedef {import('./verdict').Findings} Findings */
/** @typedef {import('./verdict').Step} Step */
/** @typedef {import('./verdict').Verdict} Verdict */

const STEP = 'limit';
/**
 * A round: five requests that use up the limit; six more, half a second later; and one that comes
 * when the first five are more than a second old and the six are not.
 */
const ROUND_MS = [0, 0, 0, 0, 0, 500, 500, 500, 500, 500, 500, 1250];
/** Were the seconds fixed, at least one round would have a new second before its sixth request. */
const STARTS_MS = [2000, 5333, 8667];
const HOW_COUNTED =
	'Is the one-second window of the rate limit sliding, and do rejected requests count?';

/** @type {Step[]} */
const steps = [
	{
		name: STEP,
		atMs: STARTS_MS.flatMap((startMs) => ROUND_MS.map((ms) => startMs + ms)),
		request: () => ({ method: 'GET', path: UPDATE }),
	},
];

/** @param {Exchange} exchange */
const isRejected = ({ status }) => status === 429;

/**
 * The rounds in which the first five requests passed.
 *
 * @param {Findings} findings
 */
function roundsOf({ exchanges }) {
	const sent = exchanges(STEP);
	return STARTS_MS.map((_, round) =>
		sent.slice(round * ROUND_MS.length, (round + 1) * ROUND_MS.length),
	)
		.map((round) => ({
			first: round.slice(0, 5),
			second: round.slice(5, 11),
			last: round.slice(11),
		}))
		.filter(
			({ first, second, last }) =>
				first.length > 0 &&
				!first.some(isRejected) &&
				[...first, ...second, ...last].every((one) => isRejected(one) || isAnswer(one)),
		);
}

/** @param {Findings} findings @param {(rounds: ReturnType<typeof roundsOf>) => Verdict} judge */
function judged(findings, judge) {
	if (findings.exchanges(STEP).length === 0) return unsettled('The requests were not sent.');
	const rounds = roundsOf(findings);
	if (rounds.length === 0) return unsettled('Calltouch rejected one of the first five requests.');
	const isAnyRejected = rounds.some(({ second }) => second.some(isRejected));
	return isAnyRejected ? judge(rounds) : unsettled('Calltouch rejected no request.');
}

/** @type {Assumption[]} */
const assumptions = [
	{
		question: HOW_COUNTED,
		statement: 'The rate limit counts the last second, not the seconds of a clock.',
		steps: [STEP],
		read: (findings) =>
			judged(findings, (rounds) => {
				const accepted = rounds.map(
					({ second }) => second.filter((one) => !isRejected(one)).length,
				);
				const words = `Of six requests half a second after five others, Calltouch accepted ${accepted.join(', ')}.`;
				const isSliding = accepted.length === STARTS_MS.length && Math.max(...accepted) === 0;
				// The rounds begin at different parts of a clock's second, so they can't all be alike.
				const isFixed = accepted.includes(5) && accepted.includes(0);
				return isSliding || isFixed ? holdsIf(isSliding, words) : unsettled(words);
			}),
	},
	{
		question: HOW_COUNTED,
		statement: 'Rejected requests do not count.',
		steps: [STEP],
		read: (findings) =>
			judged(findings, (rounds) => {
				const settling = rounds.filter(({ second }) => second.every(isRejected));
				if (settling.length === 0) return unsettled('No round had six rejected requests.');
				const passed = settling.filter(({ last }) => !last.some(isRejected)).length;
				return holdsIf(
					passed > 0,
					`0.75 s after six rejected requests, another one passed in ${passed} of ${settling.length} rounds.`,
				);
			}),
	},
	{
		question: 'Does an HTTP 429 contain `Retry-After`?',
		statement: 'An HTTP 429 response has a Retry-After header.',
		steps: [STEP],
		read: ({ exchanges }) => {
			const rejected = exchanges(STEP).find(isRejected);
			if (!rejected) return unsettled('There was no HTTP 429.');
			const { retryAfter } = rejected;
			const kind = /^\d+$/.test(retryAfter ?? '') ? 'seconds' : 'something else than seconds';
			return holdsIf(
				retryAfter !== null,
				retryAfter === null ? 'No header.' : `It contains ${kind}.`,
			);
		},
	},
];

module.exports = { assumptions, steps };
