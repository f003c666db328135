// @ts-check
// A minimal Model Context Protocol client that lists tools and calls one.
const assert = require('node:assert/strict');

/** @typedef {{ id?: number, method: string, params?: object }} Outgoing */
/** @typedef {{ id?: number, result?: any, error?: { message: string } }} Message */

const PROTOCOL_VERSION = '2025-03-26';
const INITIALIZE = {
	protocolVersion: PROTOCOL_VERSION,
	capabilities: {},
	clientInfo: { name: 'calltouch-e2e', version: '1.0.0' },
};

/**
 * The events of a server's event stream.
 *
 * @param {Response} response
 * @returns {AsyncGenerator<{ event: string, data: string }>}
 */
async function* eventsOf(response) {
	assert.ok(response.body);
	const decoder = new TextDecoder();
	let text = '';
	for await (const chunk of response.body) {
		text += decoder.decode(chunk, { stream: true });
		const blocks = text.split(/\r?\n\r?\n/);
		text = blocks.pop() ?? '';
		for (const block of blocks) {
			const fields = new Map(
				block.split(/\r?\n/).map((line) => [line.split(':', 1)[0], line.replace(/^\w*: ?/, '')]),
			);
			yield { event: fields.get('event') ?? 'message', data: fields.get('data') ?? '' };
		}
	}
}

/** @param {string} url @param {Record<string, string>} headers @param {object} message */
async function post(url, headers, message) {
	const response = await fetch(url, {
		method: 'POST',
		headers: {
			'content-type': 'application/json',
			accept: 'application/json, text/event-stream',
			...headers,
		},
		body: JSON.stringify({ jsonrpc: '2.0', ...message }),
	});
	assert.ok(response.ok, `${url}: ${response.status}`);
	return response;
}

/**
 * A connection to a server: `send` returns the response to a request, and nothing for a
 * notification, which has no id.
 *
 * @typedef {object} Transport
 * @property {(message: Outgoing) => Promise<Message | undefined>} send
 * @property {() => Promise<void>} close
 */

/** Each result is in the HTTP response to its request. @param {string} url @returns {Transport} */
function streamableHttp(url) {
	/** @type {Record<string, string>} */
	const session = {};
	return {
		async send(message) {
			const response = await post(url, session, message);
			const sessionId = response.headers.get('mcp-session-id');
			if (sessionId) session['mcp-session-id'] = sessionId;
			if (message.id === undefined) {
				await response.body?.cancel();
				return undefined;
			}
			for await (const { data } of eventsOf(response)) {
				const answer = JSON.parse(data);
				if (answer.id === message.id) return answer;
			}
			throw new Error('The stream has ended without an answer.');
		},
		async close() {
			await fetch(url, { method: 'DELETE', headers: session });
		},
	};
}

/**
 * Results arrive on an open stream; requests are posted to another URL.
 *
 * @param {string} url
 * @returns {Promise<Transport>}
 */
async function serverSentEvents(url) {
	const stop = new AbortController();
	const events = eventsOf(await fetch(url, { signal: stop.signal }));
	const first = await events.next();
	assert.equal(first.value?.event, 'endpoint');
	const postUrl = new URL(String(first.value?.data), url).href;
	/** @type {Map<number, (answer: Message) => void>} */
	const waiting = new Map();
	const listening = (async () => {
		for await (const { data } of events) {
			const answer = JSON.parse(data);
			waiting.get(answer.id)?.(answer);
			waiting.delete(answer.id);
		}
	})().catch(() => {
		// The stream was closed.
	});
	return {
		async send(message) {
			const { id } = message;
			/** @type {Promise<Message | undefined>} */
			const answered =
				id === undefined
					? Promise.resolve(undefined)
					: new Promise((resolve) => waiting.set(id, resolve));
			await (await post(postUrl, {}, message)).body?.cancel();
			return await answered;
		},
		async close() {
			stop.abort();
			await listening;
		},
	};
}

/**
 * Connects to an MCP server.
 *
 * @param {string} url
 * @param {'sse' | 'streamableHttp'} transportType
 */
async function connectMcp(url, transportType) {
	const transport =
		transportType === 'sse' ? await serverSentEvents(`${url}/sse`) : streamableHttp(url);
	let lastId = 0;
	/** @param {string} method @param {object} params @returns {Promise<any>} */
	async function request(method, params) {
		const answer = await transport.send({ id: ++lastId, method, params });
		if (answer?.error) throw new Error(`${method}: ${answer.error.message}`);
		return answer?.result;
	}
	await request('initialize', INITIALIZE);
	await transport.send({ method: 'notifications/initialized' });
	return {
		/** @returns {Promise<any[]>} */
		async listTools() {
			return (await request('tools/list', {})).tools;
		},
		/**
		 * The tool's output, and whether the tool reports an error.
		 *
		 * @param {string} name
		 * @param {Record<string, unknown>} toolArguments
		 */
		async callTool(name, toolArguments) {
			const { isError = false, content } = await request('tools/call', {
				name,
				arguments: toolArguments,
			});
			return { isError, text: String(content[0]?.text) };
		},
		close: async () => await transport.close(),
	};
}

module.exports = { connectMcp };
