// @ts-check
// Starts servers on this machine and waits until they are ready.
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');

const HOST = '127.0.0.1';
const STEP_TIMEOUT_MS = 60_000;
const POLL_MS = 100;

/**
 * Waits until `look` returns a value.
 *
 * @template T
 * @param {string} what named in the error message after a timeout
 * @param {() => Promise<T | undefined | false> | T | undefined | false} look
 * @param {number} [timeoutMs]
 * @returns {Promise<T>}
 */
async function eventually(what, look, timeoutMs = STEP_TIMEOUT_MS) {
	const endMs = Date.now() + timeoutMs;
	for (;;) {
		const found = await look();
		if (found) return found;
		if (Date.now() > endMs)
			throw new Error(`Timed out after ${timeoutMs / 1000} s. Expected: ${what}`);
		await sleep(POLL_MS);
	}
}

/**
 * Lower than the ports of outgoing connections, which could occupy a port before its server does.
 */
const FIRST_PORT = 20_000;
const PORTS = 10_000;
/** Ports that `freePort` has returned, even if no server uses them yet. @type {Set<number>} */
const givenPorts = new Set();

/** A free port. @returns {Promise<number>} */
async function freePort() {
	const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
	if (givenPorts.has(port)) return await freePort();
	givenPorts.add(port);
	const server = net.createServer().listen(port, HOST);
	try {
		await once(server, 'listening');
	} catch {
		return await freePort();
	}
	server.close();
	await once(server, 'close');
	return port;
}

/** Whether a server is listening on a port. @param {number} port */
async function isListening(port) {
	const socket = net.connect(port, HOST);
	try {
		await once(socket, 'connect');
		return true;
	} catch {
		return false;
	} finally {
		socket.destroy();
	}
}

/**
 * Starts a server. Stopping it also deletes its folder.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {number} port
 * @param {string} folder
 * @param {{ uid?: number, gid?: number, stdio?: import('node:child_process').StdioOptions }} [options]
 */
async function startService(program, args, port, folder, options = {}) {
	const child = spawn(program, args, { cwd: folder, stdio: 'ignore', ...options });
	const exited = once(child, 'exit');
	await eventually(`${path.basename(program)} listens`, async () => await isListening(port));
	return {
		port,
		async stop() {
			// For Postgres and nginx, this signal means a fast shutdown, which does not wait for
			// open connections.
			child.kill('SIGINT');
			await exited;
			fs.rmSync(folder, { recursive: true, force: true });
		},
	};
}

module.exports = { HOST, eventually, freePort, isListening, startService };
