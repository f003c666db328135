// @ts-check
const http = require('node:http');

/**
 * A received webhook.
 *
 * @typedef {object} ReceivedWebhook
 * @property {string} method
 * @property {string} path without the query
 * @property {string} text the query or the body, still encoded
 * @property {string | undefined} contentType
 * @property {Record<string, string>} parameters
 */

/** A webhook server that responds with 404 below `/rejecting` and not at all below `/silent`. */
async function startWebhookReceiver() {
	/** @type {ReceivedWebhook[]} */
	const received = [];
	const server = http.createServer((message, response) => {
		/** @type {Buffer[]} */
		const chunks = [];
		message.on('data', (chunk) => chunks.push(chunk));
		message.on('end', () => {
			const url = new URL(message.url ?? '/', 'http://127.0.0.1');
			const body = Buffer.concat(chunks).toString('utf8');
			const text = message.method === 'GET' ? url.search.slice(1) : body;
			received.push({
				method: message.method ?? '',
				path: url.pathname,
				text,
				contentType: message.headers['content-type'],
				parameters: Object.fromEntries(new URLSearchParams(text)),
			});
			if (url.pathname.startsWith('/silent')) return;
			const isRejected = url.pathname.startsWith('/rejecting');
			response.writeHead(isRejected ? 404 : 200);
			response.end(isRejected ? 'not\nregistered' : 'taken');
		});
	});
	await new Promise((done) => server.listen(0, '127.0.0.1', () => done(undefined)));
	const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
	return {
		url: `http://127.0.0.1:${port}`,
		received,
		async close() {
			server.closeAllConnections();
			await new Promise((done) => server.close(done));
		},
	};
}

module.exports = { startWebhookReceiver };
