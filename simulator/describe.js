// @ts-check
/** @typedef {import('./server').Received} Received */

const MASKED = '***';

/**
 * Describes a request in a few lines: its time, method, parameters, status and meaning. Never shows
 * the token.
 *
 * @param {Received} request
 */
function describeRequest(request) {
	const time = new Date(request.arrivedMs).toTimeString().slice(0, 8);
	const token = request.token === undefined ? 'no token' : `token ${MASKED}`;
	const parameters = [...request.parameters].map(([name, value]) => `    ${name} = ${value}`);
	const lines = [
		`${time}  ${request.httpMethod} ${request.path}  (${token})`,
		...parameters,
		`    -> HTTP ${request.status}: ${request.meaning}`,
	].join('\n');
	return request.token ? lines.replaceAll(request.token, MASKED) : lines;
}

module.exports = { describeRequest };
