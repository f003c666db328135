// @ts-check
const http = require('node:http');
const { once } = require('node:events');
const { HOST } = require('./localServer');

/**
 * A chat model on this machine that speaks as much of OpenAI's API as an agent needs: it calls the first tool it is offered
 * once, with the arguments given, and then says that it is done.
 *
 * @param {Record<string, unknown>} toolArguments
 */
async function startChatModel(toolArguments) {
	/** @type {any[]} what the agent asked, in turn */
	const asked = [];
	const server = http.createServer(async (request, response) => {
		let body = '';
		for await (const chunk of request) body += chunk;
		const question = JSON.parse(body || '{}');
		asked.push(question);
		const [tool] = question.tools ?? [];
		const isAnswered = question.messages?.some((/** @type {any} */ { role }) => role === 'tool');
		const message =
			tool && !isAnswered
				? {
						role: 'assistant',
						content: null,
						tool_calls: [
							{
								id: 'call_1',
								type: 'function',
								function: {
									name: tool.function.name,
									arguments: JSON.stringify(toolArguments),
								},
							},
						],
					}
				: { role: 'assistant', content: 'The order is in Calltouch.' };
		response.writeHead(200, { 'content-type': 'application/json' });
		response.end(
			JSON.stringify({
				id: 'chatcmpl-1',
				object: 'chat.completion',
				created: 1,
				model: question.model,
				choices: [
					{ index: 0, message, finish_reason: 'tool_calls' in message ? 'tool_calls' : 'stop' },
				],
				usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
			}),
		);
	});
	server.listen(0, HOST);
	await once(server, 'listening');
	const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
	return {
		url: `http://${HOST}:${port}/v1`,
		asked,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

module.exports = { startChatModel };
