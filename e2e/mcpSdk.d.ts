// The parts of the SDK that are used here. The SDK's own types exist only once e2e/ is installed.
declare module '@modelcontextprotocol/sdk/client/sse.js' {
	export class SSEClientTransport {
		constructor(url: URL);
	}
}

declare module '@modelcontextprotocol/sdk/client/streamableHttp.js' {
	export class StreamableHTTPClientTransport {
		constructor(url: URL);
		/** Tells the server to end the session. */
		terminateSession(): Promise<void>;
	}
}

declare module '@modelcontextprotocol/sdk/client/index.js' {
	export class Client {
		constructor(self: { name: string; version: string });
		connect(transport: object): Promise<void>;
		listTools(): Promise<{ tools: unknown[] }>;
		callTool(call: {
			name: string;
			arguments: Record<string, unknown>;
		}): Promise<{ isError?: boolean; content: Array<{ text?: string }> }>;
		close(): Promise<void>;
	}
}
