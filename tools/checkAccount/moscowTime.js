// @ts-check
// Dates as Calltouch's API writes them, on Moscow's clock, which is UTC+3 all year.

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const MOSCOW_MINUTES = 180;
const WALL_CLOCK = /^(\d\d)[./-](\d\d)[./-](\d{4}) (\d\d):(\d\d):(\d\d)$/;
/** All time zones differ from UTC by a multiple of this. */
const ZONE_STEP_MINUTES = 15;
const MAX_ZONE_MINUTES = 14 * 60;

/** @param {number} ms since 1970 */
function parts(ms) {
	const [date = '', time = ''] = new Date(ms + MOSCOW_MINUTES * MINUTE_MS).toISOString().split('T');
	const [year = '', month = '', day = ''] = date.split('-');
	return { year, month, day, time: time.slice(0, 8) };
}

/**
 * `dd.mm.yyyy hh:mm:ss`, or with another separator.
 *
 * @param {number} ms
 * @param {string} [separator]
 */
function dateTime(ms, separator = '.') {
	const { year, month, day, time } = parts(ms);
	return `${[day, month, year].join(separator)} ${time}`;
}

/** `dd/mm/yyyy` @param {number} ms */
function dayFirst(ms) {
	const { year, month, day } = parts(ms);
	return `${day}/${month}/${year}`;
}

/** `mm/dd/yyyy` @param {number} ms */
function monthFirst(ms) {
	const { year, month, day } = parts(ms);
	return `${month}/${day}/${year}`;
}

/**
 * The offset of the zone in which a clock shows a time, in minutes; undefined if the time is not
 * that moment in any zone.
 *
 * @param {unknown} wallClock `dd.mm.yyyy hh:mm:ss`, with any separator
 * @param {unknown} ms the moment, in milliseconds since 1970
 */
function zoneOffset(wallClock, ms) {
	const found = typeof wallClock === 'string' ? WALL_CLOCK.exec(wallClock) : null;
	if (!found || typeof ms !== 'number') return undefined;
	const [day = 0, month = 0, year = 0, ...time] = found.slice(1).map(Number);
	const shownMs = Date.UTC(year, month - 1, day, ...time);
	const minutes = (shownMs - Math.floor(ms / 1000) * 1000) / MINUTE_MS;
	const isOffset = minutes % ZONE_STEP_MINUTES === 0 && Math.abs(minutes) <= MAX_ZONE_MINUTES;
	return isOffset ? minutes : undefined;
}

/** For example `UTC+5:30`. @param {number} minutes */
function zoneName(minutes) {
	const rest = Math.abs(minutes) % 60;
	const hours = Math.floor(Math.abs(minutes) / 60);
	return `UTC${minutes < 0 ? '-' : '+'}${hours}${rest ? `:${rest}` : ''}`;
}

module.exports = {
	DAY_MS,
	MINUTE_MS,
	MOSCOW_MINUTES,
	dateTime,
	dayFirst,
	monthFirst,
	zoneName,
	zoneOffset,
};
