// @ts-check
// Assumptions that apply to more than one of the lists: calls, web form requests and orders.
const { MOSCOW_MINUTES, zoneName } = require('../moscowTime');
const { at, isRejection, recordsOf } = require('../response');
const { holdsIf, seen, settledBy, settledByRecords, unsettled } = require('./verdict');

const MAX_READ_RECORDS = 1000;
const SAME_LOOK = 'Do records of calls and web form requests match published samples?';
const RECORD_ZONE = "Are the dates of records in the account's time zone?";
const RANGE =
	'How long can the range of one request be, and can orders be requested for a single day?';

/**
 * Returns the check for an assumption that holds if all records contain these keys.
 *
 * @param {string} step
 * @param {Record<string, string>} types by the path of the value
 */
function holdsForKeys(step, types) {
	return settledByRecords(step, (records) => {
		const wrong = Object.entries(types).filter(([path, type]) =>
			records.slice(0, MAX_READ_RECORDS).some((record) => {
				const value = at(record, path);
				return !type.split(' or ').includes(value === null ? 'null' : typeof value);
			}),
		);
		const expected = wrong.map(([path, type]) => `${path} (${type})`).join(', ');
		return holdsIf(
			wrong.length === 0,
			expected ? `Missing, or of a different type: ${expected}.` : 'The records contain all keys.',
		);
	});
}

/**
 * Returns the check for an assumption that holds if Calltouch accepts the range of the request.
 *
 * @param {string} step
 */
function holdsForRange(step) {
	return settledBy(step, (exchange) => {
		const records = recordsOf(exchange);
		const words = `${seen(exchange)}${records?.length === 0 ? ' The list is empty.' : ''}`;
		const isJudged = records !== undefined || isRejection(exchange);
		return isJudged ? holdsIf(records !== undefined, words) : unsettled(words);
	});
}

/**
 * Returns the check for an assumption that holds if the dates in the records are in Moscow time.
 *
 * @param {string} step
 * @param {(record: Record<string, unknown>) => number | undefined} offset in minutes
 */
function holdsForMoscow(step, offset) {
	return settledByRecords(step, (records) => {
		const offsets = new Set(records.slice(0, MAX_READ_RECORDS).map(offset));
		offsets.delete(undefined);
		if (offsets.size === 0) return unsettled('No record contains its time in both formats.');
		const zones = [...offsets].map((minutes) => zoneName(minutes ?? 0)).join(', ');
		return holdsIf(
			offsets.size === 1 && offsets.has(MOSCOW_MINUTES),
			`The dates of the records are in ${zones}.`,
		);
	});
}

/**
 * The assumptions about the list of calls or the list of web form requests.
 *
 * @param {object} list
 * @param {string} list.name the name of the records, as used in a sentence
 * @param {string} list.step
 * @param {Record<string, string>} list.types the keys that the node reads, by path
 * @param {(record: Record<string, unknown>) => number | undefined} list.offset the UTC offset of
 * the record's wall clock, in minutes
 * @param {number} list.maxDays the longest range that the node requests
 * @param {string} list.longestStep the step that requests this range
 * @returns {import('./verdict').Assumption[]}
 */
function listAssumptions({ name, step, types, offset, maxDays, longestStep }) {
	return [
		{
			question: SAME_LOOK,
			statement: `The list of ${name} contains the keys that the node reads.`,
			...holdsForKeys(step, types),
		},
		{
			question: RECORD_ZONE,
			statement: `The dates of ${name} are in Moscow time.`,
			...holdsForMoscow(step, offset),
		},
		{
			question: RANGE,
			statement: `One request can read ${maxDays} days of ${name}.`,
			...holdsForRange(longestStep),
		},
	];
}

module.exports = { RANGE, holdsForRange, listAssumptions };
