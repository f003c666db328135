// @ts-check
// A client for the Model Context Protocol, like the ones that users of an MCP server run.
const { Client } = require('@modelcontextprotocol/sdk/client/index.js');
const { SSEClientTransport } = require('@modelcontextprotocol/sdk/client/sse.js');
const {
	StreamableHTTPClientTransport,
} = require('@modelcontextprotocol/sdk/client/streamableHttp.js');

/**
 * Connects to an MCP server.
 *
 * @param {string} url
 * @param {'sse' | 'streamableHttp'} transportType
 */
async function connectMcp(url, transportType) {
	const transport =
		transportType === 'sse'
			? new SSEClientTransport(new URL(`${url}/sse`))
			: new StreamableHTTPClientTransport(new URL(url));
	const client = new Client({ name: 'calltouch-e2e', version: '1.0.0' });
	await client.connect(transport);
	return {
		/** @returns {Promise<any[]>} */
		listTools: async () => (await client.listTools()).tools,
		/**
		 * Calls a tool and returns its output, and whether the tool reports an error.
		 *
		 * @param {string} name
		 * @param {Record<string, unknown>} toolArguments
		 */
		async callTool(name, toolArguments) {
			const { isError = false, content } = await client.callTool({
				name,
				arguments: toolArguments,
			});
			return { isError, text: String(content[0]?.text) };
		},
		async close() {
			if ('terminateSession' in transport) await transport.terminateSession();
			await client.close();
		},
	};
}

module.exports = { connectMcp };
