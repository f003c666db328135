// @ts-check
/**
 * The JSON text of a value, with all digits of a bigint: Calltouch writes whole numbers that exceed
 * a JavaScript number.
 *
 * @param {unknown} value
 * @returns {string}
 */
function toJson(value) {
	if (typeof value === 'bigint') return String(value);
	if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`;
	if (typeof value !== 'object' || value === null) return JSON.stringify(value);
	const members = Object.entries(value).filter(([, member]) => member !== undefined);
	return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${toJson(member)}`).join(',')}}`;
}

module.exports = { toJson };
