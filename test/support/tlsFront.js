// @ts-check
// Calltouch over TLS, as in production, with connections that break midway and untrusted
// certificates.
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const tls = require('node:tls');

const HOST = '127.0.0.1';
/** @param {string} file */
const read = (file) => fs.readFileSync(path.join(__dirname, 'tls', file));
/** A certificate for these tests only. */
const CERTIFICATE = { cert: read('cert.pem'), key: read('key.pem') };

const { connect } = tls;
let isTrusted = false;
tls.connect = /** @type {typeof tls.connect} */ (
	(/** @type {any} */ options, /** @type {any[]} */ ...rest) =>
		Reflect.apply(connect, tls, [
			isTrusted && options?.host === HOST ? { ...options, ca: CERTIFICATE.cert } : options,
			...rest,
		])
);

/**
 * A local TLS server that forwards to a server without TLS.
 *
 * @param {string} url the target
 * @param {object} options
 * @param {boolean} options.isTrusted whether clients trust its certificate
 * @param {() => boolean} [options.isBroken] called before each response is passed on; if true, the
 * response is garbled
 */
async function startTlsFront(url, options) {
	isTrusted = options.isTrusted;
	const { port } = new URL(url);
	const inner = tls.createServer(CERTIFICATE, (socket) => {
		const beyond = net.connect(Number(port), HOST);
		socket.pipe(beyond).pipe(socket);
		socket.on('error', () => beyond.destroy());
		beyond.on('error', () => socket.destroy());
	});
	const outer = net.createServer((socket) => {
		const beyond = net.connect(portOf(inner), HOST);
		socket.pipe(beyond);
		beyond.on('data', (chunk) => {
			if (options.isBroken?.()) socket.end('not a record of TLS at all');
			else socket.write(chunk);
		});
		socket.on('error', () => beyond.destroy());
		socket.on('close', () => beyond.destroy());
		beyond.on('error', () => socket.destroy());
	});
	for (const server of [inner, outer]) {
		await new Promise((done) => server.listen(0, HOST, () => done(undefined)));
	}
	return {
		url: `https://${HOST}:${portOf(outer)}`,
		async close() {
			isTrusted = false;
			inner.close();
			outer.close();
		},
	};
}

/** @param {import('node:net').Server} server */
function portOf(server) {
	return /** @type {import('node:net').AddressInfo} */ (server.address()).port;
}

module.exports = { startTlsFront };
