// @ts-check
// Dates in the formats of Calltouch's API, in Moscow time, which is UTC+3 all year.
const { DateTime } = require('luxon');

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const MOSCOW_MINUTES = 180;
/** The UTC offset of every time zone is a multiple of this. */
const ZONE_STEP_MINUTES = 15;
const MAX_ZONE_MINUTES = 14 * 60;

/** @param {number} ms since 1970 @param {string} format for luxon */
const inMoscow = (ms, format) => DateTime.fromMillis(ms, { zone: 'UTC+3' }).toFormat(format);
/** @param {number} ms */
const dayFirst = (ms) => inMoscow(ms, 'dd/MM/yyyy');
/** @param {number} ms */
const monthFirst = (ms) => inMoscow(ms, 'MM/dd/yyyy');

/**
 * The UTC offset, in minutes, at which a wall clock shows this time at this moment; undefined if no
 * zone has such an offset.
 *
 * @param {unknown} wallClock `dd.mm.yyyy hh:mm:ss`, with any separator
 * @param {unknown} ms the moment, in milliseconds since 1970
 */
function zoneOffset(wallClock, ms) {
	if (typeof wallClock !== 'string' || typeof ms !== 'number') return undefined;
	const date = wallClock.replace(/[/-]/g, '.');
	const shown = DateTime.fromFormat(date, 'dd.MM.yyyy HH:mm:ss', { zone: 'utc' });
	const minutes = (shown.toMillis() - Math.floor(ms / 1000) * 1000) / MINUTE_MS;
	const isOffset = minutes % ZONE_STEP_MINUTES === 0 && Math.abs(minutes) <= MAX_ZONE_MINUTES;
	return isOffset ? minutes : undefined;
}

/** The name of a time zone, for example `UTC+5:30`. @param {number} minutes */
function zoneName(minutes) {
	const rest = Math.abs(minutes) % 60;
	const hours = Math.floor(Math.abs(minutes) / 60);
	return `UTC${minutes < 0 ? '-' : '+'}${hours}${rest ? `:${rest}` : ''}`;
}

module.exports = {
	DAY_MS,
	MINUTE_MS,
	MOSCOW_MINUTES,
	dayFirst,
	inMoscow,
	monthFirst,
	zoneName,
	zoneOffset,
};
