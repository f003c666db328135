// @ts-check
// What the records of calls and web form requests have in common.
const { MOSCOW_MINUTES, zoneName } = require('./moscowTime');
const { at, holdsIf, inWords, isRejection, recordsOf, unsettled } = require('./verdict');

/** @typedef {import('./client').Exchange} Exchange */
/** @typedef {import('./verdict').Verdict} Verdict */

const MAX_READ_RECORDS = 1000;
const SAME_LOOK =
	'Do records of calls and web form requests match published samples? No live account has been read.';
const RECORD_ZONE = "Are the dates of records in the account's time zone?";
const RANGE = 'How long can the range of one request be, and can it be one day for orders?';

/**
 * Whether all records contain what the node reads.
 *
 * @param {Exchange} exchange
 * @param {Record<string, string>} types by the path of the value
 * @returns {Verdict}
 */
function judgeKeys(exchange, types) {
	const records = recordsOf(exchange);
	if (!records) return unsettled(`${inWords(exchange)}.`);
	if (records.length === 0) return unsettled('There was no record in these days.');
	const wrong = Object.entries(types).filter(([path, type]) =>
		records.slice(0, MAX_READ_RECORDS).some((record) => {
			const value = at(record, path);
			return !type.split(' or ').includes(value === null ? 'null' : typeof value);
		}),
	);
	const expected = wrong.map(([path, type]) => `${path} (${type})`);
	return holdsIf(
		wrong.length === 0,
		wrong.length === 0
			? 'All keys are there.'
			: `Missing or of another type: ${expected.join(', ')}.`,
	);
}

/**
 * Whether Calltouch accepts the range of a request.
 *
 * @param {Exchange} exchange
 * @returns {Verdict}
 */
function judgeRange(exchange) {
	const records = recordsOf(exchange);
	const isEmpty = records?.length === 0 ? ' The list is empty.' : '';
	const seen = `${inWords(exchange)}.${isEmpty}`;
	return records || isRejection(exchange) ? holdsIf(records !== undefined, seen) : unsettled(seen);
}

/**
 * Whether the wall clock in the records is Moscow's.
 *
 * @param {Exchange} exchange
 * @param {(record: Record<string, unknown>) => number | undefined} offset in minutes
 * @returns {Verdict}
 */
function judgeZone(exchange, offset) {
	const records = recordsOf(exchange);
	if (!records) return unsettled(`${inWords(exchange)}.`);
	const offsets = new Set(records.slice(0, MAX_READ_RECORDS).map(offset));
	offsets.delete(undefined);
	if (offsets.size === 0) return unsettled('No record shows its time in both ways.');
	const zones = [...offsets].map((minutes) => zoneName(minutes ?? 0));
	return holdsIf(
		offsets.size === 1 && offsets.has(MOSCOW_MINUTES),
		`Their dates are in ${zones.join(', ')}.`,
	);
}

module.exports = { RANGE, RECORD_ZONE, SAME_LOOK, judgeKeys, judgeRange, judgeZone };
