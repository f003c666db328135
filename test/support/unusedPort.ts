import * as server from '../../simulator/server';

type Options = NonNullable<Parameters<typeof server.startSimulator>[0]>;

/** Low ports are rarely in use, because operating systems assign ports from a higher range. */
const LOWEST_PORT = 20_000;
const PORTS = 12_000;

/** The rate limiter remembers each host, so no test can reuse another test's port. */
const usedUrls = new Set<string>();

/**
 * Starts a simulator on the specified port, or on a port that no test in the file has used. Linux
 * itself would choose among only about 7,000 ports, which are too few for a long test.
 */
export async function startOnUnusedPort(options: Options) {
	for (let port = options.port ?? 0; ; port = LOWEST_PORT + Math.floor(Math.random() * PORTS)) {
		const started = await server.startSimulator({ ...options, port }).catch((error: unknown) => {
			const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
			if (!isTaken || options.port !== undefined) throw error;
		});
		if (started && (options.port !== undefined || !usedUrls.has(started.url))) {
			usedUrls.add(started.url);
			return started;
		}
		await started?.close();
	}
}
