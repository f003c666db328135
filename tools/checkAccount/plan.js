// @ts-check
// The plan of a run, which the user has to confirm.
const { stepsFor } = require('./checks');
const { OWN_NAME, OWN_SUM } = require('./testValues');

/**
 * @param {{ baseUrl: string, siteId: string }} account
 * @param {import('./checks').CheckOptions} options
 */
function planOf({ baseUrl, siteId }, options) {
	const { isReadOnly, hasLimit, hasOrders2 } = options;
	const steps = stepsFor(options);
	const requests = steps.reduce((sum, { atMs }) => sum + (atMs?.length ?? 1), 0);
	const api2 = hasOrders2 ? ' and up to four more with orders API 2.0' : '';
	const lines = [
		...(isReadOnly
			? ['It creates, changes and deletes nothing.']
			: [
					`It creates up to four test orders${api2}, with numbers that start with ${OWN_NAME}-, the status "${OWN_NAME}" and a budget of ${OWN_SUM} ruble. It updates them, and deletes them at the end.`,
					"Your account's webhooks and integrations might report the test orders.",
				]),
		'It reads calls, web form requests and orders from up to 90 days.',
		'It sends one request with an invalid token, and one with another Site ID.',
		...(hasLimit ? ['It exceeds the rate limit of your IP address for about ten seconds.'] : []),
		"Successful requests count against your account's daily points.",
	];
	return `This checks ${baseUrl} with Site ID ${siteId}: about ${requests} requests, two per second.

${lines.map((line) => `  - ${line}`).join('\n')}

The report contains no token, no Site ID and no data about your clients.
`;
}

module.exports = { planOf };
