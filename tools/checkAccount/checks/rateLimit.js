// @ts-check
// Checks how Calltouch counts requests. Runs only with --limit, because other programs with the
// same IP address are rate limited too.
const { UPDATE } = require('../apiPaths');
const { isAnswer } = require('../response');
const { holdsIf, unsettled } = require('./verdict');

/** @typedef {import('../apiClient').Exchange} Exchange */
/** @typedef {import('./verdict').Assumption} Assumption */
/** @typedef {import('./verdict').Findings} Findings */
/** @typedef {import('./verdict').Step} Step */
/** @typedef {import('./verdict').Verdict} Verdict */

const STEP = 'limit';
/**
 * The times of the requests in one round. Five requests use up the limit, and six follow half a
 * second later. The last request is sent when the first five are more than a second old and the
 * next six are not.
 */
const ROUND_MS = [0, 0, 0, 0, 0, 500, 500, 500, 500, 500, 500, 1250];
/** With fixed windows, a new window begins before the sixth request in at least one round. */
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
 * The rounds in which Calltouch accepted the first five requests.
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
		statement: 'The rate limit counts the requests of the last second, not of a clock second.',
		steps: [STEP],
		read: (findings) =>
			judged(findings, (rounds) => {
				const accepted = rounds.map(
					({ second }) => second.filter((one) => !isRejected(one)).length,
				);
				const words = `Half a second after five requests, Calltouch accepted ${accepted.join(', ')} of six more.`;
				const isSliding = accepted.length === STARTS_MS.length && Math.max(...accepted) === 0;
				// With fixed windows, rounds differ, because each starts at a different offset.
				const isFixed = accepted.includes(5) && accepted.includes(0);
				return isSliding || isFixed ? holdsIf(isSliding, words) : unsettled(words);
			}),
	},
	{
		question: HOW_COUNTED,
		statement: 'Rejected requests do not count toward the rate limit.',
		steps: [STEP],
		read: (findings) =>
			judged(findings, (rounds) => {
				const settling = rounds.filter(({ second }) => second.every(isRejected));
				if (settling.length === 0) return unsettled('No round had six rejected requests.');
				const passed = settling.filter(({ last }) => !last.some(isRejected)).length;
				return holdsIf(
					passed > 0,
					`0.75 s after six rejected requests, Calltouch accepted another one in ${passed} of ${settling.length} rounds.`,
				);
			}),
	},
	{
		question: 'Does an HTTP 429 response contain `Retry-After`?',
		statement: 'An HTTP 429 response has a Retry-After header.',
		steps: [STEP],
		read: ({ exchanges }) => {
			const rejected = exchanges(STEP).find(isRejected);
			if (!rejected) return unsettled('Calltouch returned no HTTP 429.');
			const { retryAfter } = rejected;
			const kind = /^\d+$/.test(retryAfter ?? '') ? 'a number of seconds' : 'no number of seconds';
			return holdsIf(
				retryAfter !== null,
				retryAfter === null ? 'The header is missing.' : `The header contains ${kind}.`,
			);
		},
	},
];

module.exports = { assumptions, steps };
