// @ts-check
const { DateTime } = require('luxon');

/** Calltouch documents a limit of three months; three months have at most 92 days. */
const MOST_DAYS = 92;
const TIME = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;

/**
 * The range from dateFrom and timeFrom to dateTo and timeTo, with both ends included, or the reason
 * for rejecting the range. If the day and the month were swapped and the date is still valid, the
 * range covers the wrong day.
 *
 * @param {Map<string, string>} parameters
 * @param {'dd/MM/yyyy' | 'MM/dd/yyyy'} format
 * @param {string} zone
 * @returns {{ fromMs: number, toMs: number, days: number } | { rejection: string }}
 */
function dateRange(parameters, format, zone) {
	const [from, to] = ['dateFrom', 'dateTo'].map((name) =>
		DateTime.fromFormat(parameters.get(name) ?? '', format, { zone }),
	);
	if (!from?.isValid) return { rejection: `dateFrom is not ${format.toLowerCase()}` };
	if (!to?.isValid) return { rejection: `dateTo is not ${format.toLowerCase()}` };
	const days = Math.round(to.diff(from, 'days').days) + 1;
	if (days < 1) return { rejection: 'dateFrom is after dateTo' };
	if (days > MOST_DAYS) return { rejection: `the range is longer than ${MOST_DAYS} days` };
	const timeFrom = parameters.get('timeFrom') ?? '00:00:00';
	const timeTo = parameters.get('timeTo') ?? '23:59:59';
	if (![timeFrom, timeTo].every((time) => TIME.test(time)))
		return { rejection: 'timeFrom or timeTo is not hh:mm:ss' };
	/** @param {DateTime} day @param {string} time */
	const at = (day, time) => DateTime.fromISO(`${day.toISODate()}T${time}`, { zone }).toMillis();
	return { fromMs: at(from, timeFrom), toMs: at(to, timeTo) + 999, days };
}

module.exports = { dateRange };
