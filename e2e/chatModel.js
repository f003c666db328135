// @ts-check
const http = require('node:http');
const { once } = require('node:events');
const { HOST } = require('./localServer');

/**
 * One turn of the model. The model calls the first available tool once per entry, in one message.
 *
 * @typedef {Array<Record<string, unknown>>} Turn
 */

/** Each call ID contains the number of the turn, so the results show which turns are done. */
const CALL_ID = /^call_(\d+)_/;

/** The number of turns that have results. @param {any} question */
function turnsBehind({ messages = [] }) {
	const answered = messages
		.filter((/** @type {any} */ { role }) => role === 'tool')
		.map((/** @type {any} */ message) => Number(CALL_ID.exec(message.tool_call_id)?.[1]) + 1);
	return Math.max(0, ...answered);
}

/** @param {any} tool @param {number} turnIndex @param {Turn} turn */
function callsOf(tool, turnIndex, turn) {
	return turn.map((toolArguments, index) => ({
		id: `call_${turnIndex}_${index}`,
		type: 'function',
		function: { name: tool.function.name, arguments: JSON.stringify(toolArguments) },
	}));
}

/**
 * A local chat model that implements the part of OpenAI's API that an agent needs. The model
 * follows a script and then sends a final message.
 */
async function startChatModel() {
	/** @type {{ turns: Turn[], asked: any[] }} */
	const script = { turns: [], asked: [] };
	const server = http.createServer(async (request, response) => {
		let body = '';
		for await (const chunk of request) body += chunk;
		const question = JSON.parse(body || '{}');
		script.asked.push(question);
		const [tool] = question.tools ?? [];
		const turnIndex = turnsBehind(question);
		const turn = script.turns[turnIndex];
		const message =
			tool && turn
				? { role: 'assistant', content: null, tool_calls: callsOf(tool, turnIndex, turn) }
				: { role: 'assistant', content: 'All orders are in Calltouch.' };
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
		/**
		 * Sets a new script.
		 *
		 * @param {Turn[]} turns
		 * @returns {any[]} the requests that the model receives from now on
		 */
		play(turns) {
			script.turns = turns;
			script.asked = [];
			return script.asked;
		},
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

module.exports = { startChatModel };
