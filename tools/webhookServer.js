// @ts-check
// Receives webhooks over HTTP and runs their workflow in n8n's engine, as n8n does with a
// published workflow.
const { once } = require('node:events');
const http = require('node:http');
const querystring = require('node:querystring');
const { text } = require('node:stream/consumers');
const { deliver } = require('./engine');

/**
 * @param {import('./engine').WorkflowFile} workflow starts with the trigger
 * @param {Parameters<typeof deliver>[1]} setup
 */
async function startWebhookServer(workflow, setup) {
	/** @type {import('n8n-workflow').IRun[]} */
	const runs = [];
	const server = http.createServer((request, response) => {
		void receive(request).then(
			(status) => response.writeHead(status).end(),
			(error) => response.writeHead(500).end(String(error)),
		);
	});

	/** @param {http.IncomingMessage} request */
	async function receive(request) {
		const { method, headers, socket, url = '' } = request;
		const [, query = ''] = url.split('?');
		const body = await text(request);
		const { status, run } = await deliver(workflow, setup, {
			method,
			headers: /** @type {Record<string, string>} */ (headers),
			query: { ...querystring.parse(query) },
			body: body === '' ? undefined : querystring.parse(body),
			ip: socket.remoteAddress,
		});
		if (run) runs.push(run);
		return status;
	}

	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
	return {
		url: `http://127.0.0.1:${port}/webhook`,
		/** The executions, in the order of their webhooks. */
		runs,
		async close() {
			server.close();
			server.closeAllConnections();
			await once(server, 'close');
		},
	};
}

module.exports = { startWebhookServer };
