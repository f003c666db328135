// @ts-check
// Faults before a server receives a request: unknown host names, refused and cut connections.
const dns = require('node:dns');
const net = require('node:net');

const HOST = '127.0.0.1';
/** A loopback address on which the simulator does not listen. */
const SILENT_HOST = '127.0.0.2';

/** @typedef {'reached' | 'refused' | 'not found'} Reach */

/** @type {Map<string, () => Reach>} */
const hosts = new Map();
const { lookup } = dns;

/** @type {(host: string, ...rest: any[]) => void} */
const lookUpKnown = (host, ...rest) => {
	const reach = hosts.get(host)?.();
	const done = rest[rest.length - 1];
	if (reach === undefined) {
		Reflect.apply(lookup, dns, [host, ...rest]);
	} else if (reach === 'not found') {
		done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' }));
	} else {
		const address = reach === 'refused' ? SILENT_HOST : HOST;
		if (rest[0]?.all) done(null, [{ address, family: 4 }]);
		else done(null, address, 4);
	}
};
dns.lookup = /** @type {typeof dns.lookup} */ (lookUpKnown);

let lastHost = 0;

/**
 * A new host name for this machine.
 *
 * @param {(lookUps: number) => Reach} reach the result of the nth use of the name, counted from 1
 */
function hostName(reach) {
	const name = `calltouch-${++lastHost}`;
	let lookUps = 0;
	hosts.set(name, () => reach(++lookUps));
	return name;
}

/**
 * A port that passes connections on to a server, or cuts them before it reads a byte.
 *
 * @param {string} url the address of the server
 * @param {(connection: number) => boolean} isCut whether the nth connection is cut, counted from 1
 */
async function startFront(url, isCut) {
	let connections = 0;
	const server = net.createServer((socket) => {
		connections++;
		if (isCut(connections)) {
			socket.resetAndDestroy();
			return;
		}
		const beyond = net.connect(Number(new URL(url).port), HOST);
		socket.pipe(beyond).pipe(socket);
		socket.on('error', () => beyond.destroy());
		beyond.on('error', () => socket.destroy());
	});
	// Lets the test process end even if the port is still open.
	server.unref();
	await new Promise((done) => server.listen(0, HOST, () => done(undefined)));
	const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
	return {
		url: `http://${HOST}:${port}`,
		get connections() {
			return connections;
		},
	};
}

module.exports = { hostName, startFront };
