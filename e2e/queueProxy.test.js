// @ts-check
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const https = require('node:https');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { afterEach, describe, it } = require('node:test');
const { installDebian } = require('./install');
const { HOST, eventually, freePort } = require('./localServer');
const { startNginx } = require('./nginx');
const { CANARY, CANARY_FORMS, startCalltouch } = require('./rig');

const OPENSSL = '/usr/bin/openssl';
const CALLTOUCH_NAME = 'api.calltouch.ru';
const CA_BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
const ORDERS = '/calls-service/RestAPI/orders';
const TOKEN = `clientApiId=${encodeURIComponent(CANARY)}`;
const UPDATE = `${ORDERS}/update-by-id/?${TOKEN}`;
const MAY_WAIT = 100;
const SPACING_MS = 60_000 / 290;

/** @param {string} url @param {Record<string, string>} [fields] */
const register = async (url, fields) =>
	await fetch(`${url}${ORDERS}/register/`, {
		method: 'POST',
		body: new URLSearchParams({
			clientApiId: CANARY,
			orderNumber: 'proxy-1',
			orderDate: '23.11.2026 10:00:00',
			orderStatus: 'new',
			orderSum: '1',
			service: 'e2e',
			...fields,
		}),
	});

/**
 * Sends raw text to a server and waits until the server closes the connection.
 *
 * @param {number} port
 * @param {string} text
 */
async function writeRaw(port, text) {
	const socket = net.connect(port, HOST);
	socket.on('error', () => undefined);
	socket.resume();
	socket.write(text);
	await once(socket, 'close');
}

describe('examples/queue-mode/nginx.conf in nginx', () => {
	/** @type {Array<() => Promise<void> | void>} cleanup functions, run in reverse order */
	let stops = [];
	afterEach(async () => {
		for (const stop of stops.reverse()) await stop();
		stops = [];
	});

	/** @param {string} calltouchUrl @param {Record<string, string>} [replaced] */
	async function startProxy(calltouchUrl, replaced) {
		const nginx = await startNginx(calltouchUrl, replaced);
		stops.push(nginx.stop);
		return nginx;
	}

	/** @param {Parameters<typeof startCalltouch>[0]} [options] */
	async function startBoth(options) {
		const calltouch = await startCalltouch(options);
		stops.push(calltouch.close);
		return { calltouch, nginx: await startProxy(calltouch.url) };
	}

	/**
	 * Starts an HTTPS server with a self-signed certificate.
	 *
	 * @param {string} name of the certificate
	 */
	async function startHttps(name) {
		installDebian({ [OPENSSL]: 'openssl' });
		const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'calltouch-e2e-tls-'));
		stops.push(() => fs.rmSync(folder, { recursive: true }));
		const [key, certificate] = ['key.pem', 'certificate.pem'].map((file) =>
			path.join(folder, file),
		);
		execFileSync(
			OPENSSL,
			[
				...['req', '-x509', '-nodes', '-days', '2', '-subj', '/CN=e2e'],
				...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
				...['-addext', `subjectAltName=DNS:${name}`],
				...['-keyout', String(key), '-out', String(certificate)],
			],
			{ stdio: 'ignore' },
		);
		/** @type {unknown[]} the TLS server name of each request */
		const received = [];
		const options = {
			key: fs.readFileSync(String(key)),
			cert: fs.readFileSync(String(certificate)),
		};
		const server = https.createServer(options, (request, response) => {
			received.push(Reflect.get(request.socket, 'servername'));
			response.end('{}');
		});
		const port = await freePort();
		server.listen(port, HOST);
		await once(server, 'listening');
		stops.push(() => {
			server.closeAllConnections();
			server.close();
		});
		return { certificate: String(certificate), received, url: `https://${HOST}:${port}` };
	}

	it('simultaneous requests are forwarded one by one at even intervals', async () => {
		// Without a limit, because the test measures nginx, not the speed of a busy machine.
		const { calltouch, nginx } = await startBoth({ limit: 'off' });
		const statuses = await Promise.all(
			Array.from({ length: 12 }, async () => (await fetch(nginx.url + UPDATE)).status),
		);
		assert.deepEqual(new Set(statuses), new Set([400]), 'the simulator accepts the token');
		const arrivedMs = calltouch.received.map((request) => request.arrivedMs);
		const spacingMs = (Number(arrivedMs.at(-1)) - Number(arrivedMs[0])) / (arrivedMs.length - 1);
		assert.ok(spacingMs > SPACING_MS * 0.9, `${spacingMs} ms between two requests`);
	});

	it("the query and the form are forwarded unchanged to Calltouch's own host name", async () => {
		const { calltouch, nginx } = await startBoth();
		const query = `${TOKEN}&orderComment=50%25+%26%20a%2Fb%2b%D1%91`;
		await fetch(`${nginx.url}${ORDERS}/update-by-id/?${query}`);
		const response = await register(nginx.url, { orderComment: 'Самовывоз & 50 %' });
		assert.equal(response.status, 200);
		const [update, create] = calltouch.received;
		assert.equal(update?.query, `?${query}`);
		assert.equal(update?.path, `${ORDERS}/update-by-id/`);
		assert.equal(create?.parameters.get('orderComment'), 'Самовывоз & 50 %');
		assert.deepEqual(
			calltouch.received.map(({ headers }) => headers.host),
			[CALLTOUCH_NAME, CALLTOUCH_NAME],
		);
	});

	it('a request that would wait too long is rejected immediately, and an aborted request is never forwarded', async () => {
		const { calltouch, nginx } = await startBoth();
		const giveUp = new AbortController();
		/** @type {number[]} */
		const statuses = [];
		const requests = Array.from({ length: MAY_WAIT + 30 }, async () => {
			const response = await fetch(nginx.url + UPDATE, { signal: giveUp.signal });
			statuses.push(response.status);
		});
		const rejected = () => statuses.filter((status) => status === 429).length;
		await eventually('nginx rejects the requests above the limit', () => rejected() >= 29);
		giveUp.abort();
		await Promise.allSettled(requests);
		const sent = calltouch.received.length;
		assert.equal(rejected(), 29, 'nginx forwards one request immediately and queues a hundred');
		await sleep(1500);
		assert.ok(calltouch.received.length <= sent + 1, 'nginx forwarded an aborted request');
	});

	it('a request is not forwarded again if Calltouch closes the connection', async () => {
		const { calltouch, nginx } = await startBoth();
		calltouch.setIntercept((_, response, carryOut) => {
			carryOut();
			response.destroy();
			return true;
		});
		assert.equal((await register(nginx.url)).status, 502);
		assert.equal((await fetch(nginx.url + UPDATE)).status, 502);
		assert.equal(calltouch.received.length, 2);
		assert.equal(calltouch.orders.length, 1);
	});

	it("requests are forwarded to Calltouch's host name if the server's certificate is trusted", async () => {
		const calltouch = await startHttps(CALLTOUCH_NAME);
		const nginx = await startProxy(calltouch.url, { [CA_BUNDLE]: calltouch.certificate });
		assert.equal((await fetch(nginx.url + UPDATE)).status, 200);
		assert.deepEqual(calltouch.received, [CALLTOUCH_NAME]);
	});

	it('nothing is forwarded to a server with an untrusted certificate', async () => {
		const calltouch = await startHttps(CALLTOUCH_NAME);
		const nginx = await startProxy(calltouch.url);
		assert.equal((await fetch(nginx.url + UPDATE)).status, 502);
		assert.deepEqual(calltouch.received, []);
	});

	it('nothing is forwarded to a server with a certificate for another host name', async () => {
		const other = await startHttps('api.example.com');
		const nginx = await startProxy(other.url, { [CA_BUNDLE]: other.certificate });
		assert.equal((await fetch(nginx.url + UPDATE)).status, 502);
		assert.deepEqual(other.received, []);
	});

	it('the token is not written anywhere, whatever error occurs', async () => {
		const { calltouch, nginx } = await startBoth();
		const tls = await startHttps('api.example.com');
		const toNobody = await startProxy(`http://${HOST}:${await freePort()}`);
		const toUntrusted = await startProxy(tls.url);
		const toUnknown = await startProxy('https://calltouch.invalid', {
			// No name server is listening here.
			'resolver 127.0.0.11 ipv6=off;': `resolver ${HOST}:${await freePort()} ipv6=off;\nresolver_timeout 1s;`,
		});

		assert.equal((await register(nginx.url)).status, 200, 'a new order');
		const large = { orderNumber: 'proxy-2', orderComment: 'x'.repeat(500_000) };
		assert.equal((await register(nginx.url, large)).status, 200, 'a large order');
		const tooLarge = { orderComment: 'x'.repeat(1_100_000) };
		assert.equal((await register(nginx.url, tooLarge)).status, 413, 'an order that is too large');
		assert.equal((await fetch(nginx.url + UPDATE)).status, 400, 'an update');
		assert.equal((await fetch(toNobody.url + UPDATE)).status, 502, 'no server is listening');
		assert.equal((await register(toNobody.url)).status, 502, 'no server is listening');
		assert.equal(
			(await fetch(toUntrusted.url + UPDATE)).status,
			502,
			'the certificate is not trusted',
		);
		assert.equal((await fetch(toUnknown.url + UPDATE)).status, 502, 'the host name is unknown');
		for (const text of [
			`GET ${UPDATE} HTTP/9.9\r\n\r\n`,
			`GET ${UPDATE} and blanks HTTP/1.1\r\nHost: a\r\n\r\n`,
			`GET ${UPDATE} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n`,
			`GET ${UPDATE} HTTP/1.1\r\nHost: a b\r\n\r\n`,
			`GET ${UPDATE} HTTP/1.1\r\n\0: x\r\nHost: a\r\n\r\n`,
			`GET ${UPDATE}&comment=${'x'.repeat(40_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
			`GET ${UPDATE} HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`,
			`POST ${UPDATE} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${TOKEN}\r\n`,
			`PRI ${UPDATE} HTTP/2.0\r\n\r\nSM\r\n\r\n`,
			`${TOKEN}\r\n\r\n`,
		]) {
			await writeRaw(nginx.port, text);
		}
		calltouch.setIntercept((_, response) => {
			response.writeHead(200, { 'content-length': '100' });
			response.write('half an answer');
			setTimeout(() => response.destroy(), 50);
			return true;
		});
		await assert.rejects(async () => await (await fetch(nginx.url + UPDATE)).text());
		calltouch.setIntercept((_, response) => {
			response.socket?.end('no HTTP at all\r\n\r\n');
			return true;
		});
		await assert.rejects(async () => await fetch(nginx.url + UPDATE));
		await Promise.allSettled(
			Array.from({ length: MAY_WAIT + 10 }, async () => {
				await fetch(nginx.url + UPDATE, { signal: AbortSignal.timeout(2000) });
			}),
		);

		for (const { written } of [nginx, toNobody, toUntrusted, toUnknown]) {
			const text = written();
			assert.ok(
				text.includes(`${ORDERS}/update-by-id/`),
				'the searched files do not contain the requests',
			);
			for (const form of CANARY_FORMS) assert.ok(!text.includes(form), text);
		}
		for (const status of [200, 400, 413, 414, 429, 499, 502]) {
			assert.match(nginx.written() + toNobody.written(), new RegExp(` ${status}, limit: `));
		}
	});
});
