// @ts-check
/**
 * The JSON text of a value, with all digits of a bigint, because Calltouch sends integers that are
 * too large for a JavaScript number.
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

/**
 * The parameters in a body: the fields of a form, or the top-level keys of a JSON body. A value
 * that is not a string is returned as JSON.
 *
 * @param {string} contentType
 * @param {string} body
 * @returns {Iterable<[string, string]>}
 */
function parametersIn(contentType, body) {
	if (contentType.startsWith('application/x-www-form-urlencoded')) return new URLSearchParams(body);
	if (!contentType.startsWith('application/json')) return [];
	try {
		return Object.entries(JSON.parse(body)).map(([name, value]) => [
			name,
			typeof value === 'string' ? value : JSON.stringify(value),
		]);
	} catch {
		return [];
	}
}

module.exports = { parametersIn, toJson };
