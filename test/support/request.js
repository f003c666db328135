// @ts-check
const http = require('node:http');

/**
 * Sends one request without n8n, for tests of the simulator. The parameters are in the query for
 * GET and otherwise in a form.
 *
 * @param {string} url
 * @param {string} method
 * @param {Record<string, string>} parameters
 * @returns {Promise<{ status: number | undefined, headers: import('node:http').IncomingHttpHeaders,
 * body: string, json: any }>}
 */
async function request(url, method, parameters) {
	const form = new URLSearchParams(parameters).toString();
	const isGet = method === 'GET';
	return await new Promise((resolve, reject) => {
		const outgoing = http.request(isGet ? `${url}?${form}` : url, {
			method,
			headers: isGet ? {} : { 'content-type': 'application/x-www-form-urlencoded' },
		});
		outgoing.on('error', reject);
		outgoing.on('response', (response) => {
			/** @type {Buffer[]} */
			const chunks = [];
			response.on('data', (chunk) => chunks.push(chunk));
			response.on('end', () => {
				const body = Buffer.concat(chunks).toString('utf8');
				const json = /^[{[]/.test(body) ? JSON.parse(body) : undefined;
				resolve({ status: response.statusCode, headers: response.headers, body, json });
			});
		});
		outgoing.end(isGet ? undefined : form);
	});
}

module.exports = { request };
