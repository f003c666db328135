// @ts-check
const http = require('node:http');
const { Callbacks } = require('./callbacks');
const { createDeliver, deliverEach, readDelivery } = require('./deliver');
const { Diary } = require('./diary');
const { parametersIn, toJson } = require('./json');
const { madeUpCalls, madeUpLead } = require('./leads');
const { createLimit } = require('./limit');
const { methodAt, siteAsked } = require('./methods');
const { NewRequests } = require('./newRequests');
const { Orders } = require('./orders');
const { variedAnswer } = require('./variants');

/** @typedef {import('./limit').LimitKind} LimitKind */
/** @typedef {import('./leads').Lead} Lead */
/** @typedef {import('./orders').Answer} Answer */

/** @typedef {{ epochMs(): number, sleep(ms: number): Promise<void> }} Clock */

/**
 * A request as the simulator took it.
 *
 * @typedef {object} Received
 * @property {string} httpMethod
 * @property {string} path with the slash at its end, as it came
 * @property {string} query as it came
 * @property {import('node:http').IncomingHttpHeaders} headers
 * @property {string} body as it came
 * @property {Map<string, string>} parameters decoded, without the token; of JSON its top level
 * @property {string | undefined} token
 * @property {number} arrivedMs epoch
 * @property {number | undefined} answeredMs epoch; undefined until it is answered
 * @property {number | undefined} status
 * @property {string} meaning
 */

/**
 * Handles a request instead of the simulator, for tests of what the real Calltouch is not asked to do: answers by itself and
 * returns true. `carryOut` does what the request asks for, without answering.
 *
 * @typedef {(received: Received, response: import('node:http').ServerResponse, carryOut: () => Answer) => boolean} Intercept
 */

/**
 * @typedef {object} SimulatorOptions
 * @property {number} [port] 0, the default, takes a free one
 * @property {string} [token] the one token that is good
 * @property {string} [siteId] the one site that can be read
 * @property {import('./diary').CallsOrder} [callsOrder] which calls are read first; the newest, if not set
 * @property {LimitKind} [limit]
 * @property {number} [requestsPerSecond] what the limit allows
 * @property {number} [retryAfterS] given with each refusal, if set
 * @property {{ bytes: number, status: number }} [addressLimit] how long an address may be, and the status of the response to a longer one
 * @property {string} [zone] the zone of the account
 * @property {number} [latencyMs] there and back, half of it before the request counts as arrived
 * @property {number} [jitterMs] the most by which a request arrives later than that
 * @property {(received: Received) => void} [onRequest] called when a request has been answered
 * @property {import('./variants').Variants} [variants] what Calltouch may do otherwise
 * @property {import('./orders2').Orders2Rules} [orders2] what orders API 2.0 may do otherwise
 * @property {import('./orders').OrderRules} [rules] what is done with repeated numbers, and when a new order can be found
 * @property {import('./newRequests').RequestRules} [requestRules] what is done with new requests
 * @property {import('./callbacks').CallbackRules} [callbackRules] of the callback widget
 * @property {Clock} [clock] by which the limit, the latency and the times of arrival are taken; the machine's, if not set
 */

const HOST = '127.0.0.1';
const DEFAULT_TOKEN = 'rehearsal-token';
const DEFAULT_SITE_ID = '10001';
const DEFAULT_PORT = 8089;
const DEFAULT_ZONE = 'Europe/Moscow';
const DEFAULT_REQUESTS_PER_SECOND = 5;
/** Not an address of Calltouch's: here a person has webhooks delivered. */
const DELIVER_PATH = '/deliver';
const HELP_PAGE =
	'<!doctype html><html><head><title>Calltouch API (simulator)</title></head><body>Nothing is served here.</body></html>';
const TOO_LONG_PAGE =
	'<!doctype html><html><head><title>Request header is too large</title></head><body></body></html>';

/** @type {Clock} */
const SYSTEM_CLOCK = {
	epochMs: Date.now,
	sleep: async (ms) => await new Promise((done) => setTimeout(done, ms)),
};

/**
 * Starts a server that answers like Calltouch's orders API 1.0 and its methods for reading, in memory, on the loopback address only.
 *
 * @param {SimulatorOptions} [options]
 */
async function startSimulator(options = {}) {
	const token = options.token ?? DEFAULT_TOKEN;
	const siteId = options.siteId ?? DEFAULT_SITE_ID;
	const zone = options.zone ?? DEFAULT_ZONE;
	const clock = options.clock ?? SYSTEM_CLOCK;
	const isWithinLimit = createLimit(
		options.limit ?? 'sliding',
		options.requestsPerSecond ?? DEFAULT_REQUESTS_PER_SECOND,
	);
	const orders = new Orders(zone, clock.epochMs, options.rules);
	const diary = new Diary(orders, { siteId, callsOrder: options.callsOrder ?? 'newest' });
	let added = 0;
	/** @type {Received[]} */
	const received = [];
	/** @type {{ intercept: Intercept | undefined, webhookUrl: string | undefined }} */
	const hooks = { intercept: undefined, webhookUrl: undefined };

	/** @param {number} ms */
	async function delay(ms) {
		if (ms > 0) await clock.sleep(ms);
	}

	/** @param {Lead['kind']} kind @param {Partial<Lead>} values */
	function addLead(kind, values) {
		const lead = madeUpLead({ timeMs: clock.epochMs(), ...values, kind }, added++);
		orders.leads.push(lead);
		return lead;
	}

	const deliver = createDeliver({
		addLead,
		ordersOf: (lead) => diary.ordersOf(lead),
		account: diary.account,
		nowMs: clock.epochMs,
	});

	/** @param {Lead} lead */
	function tellOfRequest(lead) {
		if (hooks.webhookUrl === undefined) return;
		// The receiver may be gone: Calltouch does not wait for it either.
		void deliver(hooks.webhookUrl, { event: 'request', lead }).catch(() => undefined);
	}

	const { account } = diary;
	const rules = options.requestRules;
	const newRequests = new NewRequests(orders, addLead, tellOfRequest, account, rules);
	const callbacks = new Callbacks(clock.epochMs, options.callbackRules);

	/**
	 * Delivers what a person asks for, and answers with the lines that
	 * `npm run simulator -- --deliver` prints.
	 *
	 * @param {string | undefined} httpMethod
	 * @param {Map<string, string>} parameters
	 * @param {import('node:http').ServerResponse} response
	 */
	async function answerToDeliver(httpMethod, parameters, response) {
		/** @param {number} status @param {string[]} lines */
		const end = (status, ...lines) => {
			response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
			response.end(`${lines.join('\n')}\n`);
		};
		// Browsers fetch an address by GET before anybody asked for it.
		if (httpMethod !== 'POST') return end(405, 'This address takes POST only.');
		const asked = readDelivery(Object.fromEntries(parameters));
		if ('refusal' in asked) return end(400, `${asked.name} ${asked.refusal}`);
		/** @type {string[]} */
		const lines = [];
		const areTaken = await deliverEach(deliver, asked, (line) => lines.push(line));
		end(areTaken ? 200 : 502, ...lines);
	}

	/** @param {Received} request @returns {Answer} */
	function answerTo(request) {
		return variedAnswer(options.variants ?? {}, {
			...{ request, orders, token, siteId },
			carryOut: (changes = {}) => {
				const parameters = new Map([...request.parameters, ...Object.entries(changes)]);
				return usualAnswer({ ...request, parameters });
			},
		});
	}

	/** @param {Received} request @returns {Answer} */
	function usualAnswer(request) {
		const { bytes, status = 414 } = options.addressLimit ?? {};
		if (bytes !== undefined && request.path.length + request.query.length > bytes) {
			return { status, body: TOO_LONG_PAGE, meaning: 'rejected: the address is too long' };
		}
		const method = methodAt(request.path);
		if (!method) return { status: 200, body: HELP_PAGE, meaning: 'wrong path: the help page' };
		if (!isWithinLimit(request.arrivedMs)) {
			return {
				status: 429,
				body: { message: 'Too Many Requests' },
				meaning: 'refused: more requests a second than the limit allows',
			};
		}
		if (request.token !== token && !method.needsNoToken) {
			return {
				status: 403,
				body: { message: method.denial ?? 'Access denied' },
				meaning: 'refused: the token is not the one of this simulator',
			};
		}
		if (!method.httpMethods.includes(request.httpMethod)) {
			return {
				status: 405,
				body: { message: `Request method '${request.httpMethod}' not supported` },
				meaning: `refused: takes ${method.httpMethods.join(' and ')} only`,
			};
		}
		if (method.site && siteAsked(method, request) !== siteId) {
			return {
				status: 403,
				body: { message: 'Access denied' },
				meaning: 'refused: the site is not the one of this simulator',
			};
		}
		const at = { orders, diary, orders2: options.orders2 ?? {}, newRequests, callbacks };
		return method.run(at, request.parameters, request);
	}

	/** @param {Received} request @param {import('node:http').ServerResponse} response */
	async function answer(request, response) {
		await delay((options.latencyMs ?? 0) / 2 + Math.random() * (options.jitterMs ?? 0));
		request.arrivedMs = clock.epochMs();
		if (hooks.intercept?.(request, response, () => answerTo(request))) return;
		const { status, body, meaning } = answerTo(request);
		Object.assign(request, { status, meaning });
		await delay((options.latencyMs ?? 0) / 2);
		const isText = typeof body === 'string';
		response.writeHead(status, {
			'content-type': isText ? 'text/html; charset=utf-8' : 'application/json;charset=UTF-8',
			...(status === 429 && options.retryAfterS !== undefined
				? { 'retry-after': String(options.retryAfterS) }
				: {}),
		});
		response.end(isText ? body : toJson(body));
		request.answeredMs = clock.epochMs();
		options.onRequest?.(request);
	}

	const server = http.createServer((message, response) => {
		const arrivedMs = clock.epochMs();
		/** @type {Buffer[]} */
		const chunks = [];
		message.on('data', (chunk) => chunks.push(chunk));
		message.on('end', () => {
			const url = new URL(message.url ?? '/', `http://${HOST}`);
			const body = Buffer.concat(chunks).toString('utf8');
			const parameters = new Map([
				...url.searchParams,
				...parametersIn(message.headers['content-type'] ?? '', body),
			]);
			if (url.pathname === DELIVER_PATH) {
				void answerToDeliver(message.method, parameters, response);
				return;
			}
			const sentToken =
				parameters.get('clientApiId') ?? message.headers['access-token']?.toString();
			parameters.delete('clientApiId');
			/** @type {Received} */
			const request = {
				httpMethod: message.method ?? '',
				path: url.pathname,
				query: url.search,
				headers: message.headers,
				body,
				parameters,
				token: sentToken,
				arrivedMs,
				answeredMs: undefined,
				status: undefined,
				meaning: '',
			};
			received.push(request);
			void answer(request, response);
		});
	});
	await new Promise((done, failed) => {
		server.once('error', failed);
		server.listen(options.port ?? 0, HOST, () => done(undefined));
	});
	const address = /** @type {import('node:net').AddressInfo} */ (server.address());

	return {
		url: `http://${HOST}:${address.port}`,
		token,
		siteId,
		/** Adds a call with what is given, and the rest made up. @param {Partial<Lead>} [values] */
		addCall: (values = {}) => addLead('call', values),
		/** Adds a request likewise. @param {Partial<Lead>} [values] */
		addRequest: (values = {}) => addLead('request', values),
		/** Adds so many calls, at even distances. @param {number} count @param {{ fromMs: number, toMs: number }} range */
		addCalls(count, range) {
			for (const call of madeUpCalls(count, range, added)) orders.leads.push(call);
			added += count;
		},
		/** Delivers a webhook, of a call or a request that can be read and bound to from then on. */
		deliver,
		/** By POST, with `url` and perhaps `event` and `method`, does the same for a person. */
		deliverUrl: `http://${HOST}:${address.port}${DELIVER_PATH}`,
		/** The orders that are stored now. */
		orders: orders.stored,
		/** The callbacks that were accepted: each made a phone ring. */
		callbacks: callbacks.accepted,
		/** The calls and requests that are there, in the order in which they were added. */
		leads: orders.leads,
		/** Delivers each request that is created from now on. @param {string | undefined} url */
		setWebhookUrl(url) {
			hooks.webhookUrl = url;
		},
		/** Every request so far, refused ones too. */
		received,
		/** Lets a test answer in place of the simulator; undefined takes it back. @param {Intercept | undefined} intercept */
		setIntercept(intercept) {
			hooks.intercept = intercept;
		},
		async close() {
			server.closeAllConnections();
			await new Promise((done) => server.close(done));
		},
	};
}

module.exports = { DEFAULT_PORT, DEFAULT_SITE_ID, DEFAULT_TOKEN, DEFAULT_ZONE, startSimulator };
