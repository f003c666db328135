// @ts-check
const http = require('node:http');
const { Callbacks } = require('./callbacks');
const { createDeliver, deliverEach, readDelivery } = require('./deliver');
const { Diary } = require('./diary');
const { parametersIn, toJson } = require('./json');
const { madeUpCalls, madeUpLead } = require('./leads');
const { createLimit } = require('./limit');
const { methodAt, needsToken, siteAsked } = require('./methods');
const { NewRequests } = require('./newRequests');
const { Orders } = require('./orders');
const { variedAnswer } = require('./variants');

/** @typedef {import('./limit').LimitKind} LimitKind */
/** @typedef {import('./leads').Lead} Lead */
/** @typedef {import('./orders').Answer} Answer */

/** @typedef {{ epochMs(): number, sleep(ms: number): Promise<void> }} Clock */

/**
 * A request as the simulator received it.
 *
 * @typedef {object} Received
 * @property {string} httpMethod
 * @property {string} path as received, with the trailing slash
 * @property {string} query as received
 * @property {import('node:http').IncomingHttpHeaders} headers
 * @property {string} body as received
 * @property {Map<string, string>} parameters decoded, without the token; for JSON, the top-level keys
 * @property {string | undefined} token
 * @property {number} arrivedMs in epoch milliseconds
 * @property {number | undefined} answeredMs in epoch milliseconds; undefined until the response is
 * sent
 * @property {number | undefined} status
 * @property {string} meaning
 */

/**
 * Handles a request in place of the simulator, to test faults. Returns true if it handled the
 * request. `carryOut` carries out the request without sending a response.
 *
 * @typedef {(received: Received, response: import('node:http').ServerResponse, carryOut: () => Answer) => boolean} Intercept
 */

/**
 * @typedef {object} SimulatorOptions
 * @property {number} [port] default: 0, a free port
 * @property {string} [token] the only valid token
 * @property {string} [siteId] the ID of the only site that can be read
 * @property {import('./diary').CallsOrder} [callsOrder] which calls are returned first; default:
 * the newest
 * @property {LimitKind} [limit]
 * @property {number} [requestsPerSecond] the limit
 * @property {number} [retryAfterS] sent with each 429, if set
 * @property {{ bytes: number, status: number }} [addressLimit] the maximum length of a URL, and the
 * status for a longer URL
 * @property {string} [zone] the account's time zone
 * @property {number} [latencyMs] of the round trip; half of the latency passes before the request
 * arrives
 * @property {number} [jitterMs] the largest additional delay of a request
 * @property {(received: Received) => void} [onRequest] called after each response
 * @property {import('./variants').Variants} [variants] other possible behavior of Calltouch
 * @property {import('./ordersApi2').Orders2Rules} [orders2] other possible behavior of orders API 2.0
 * @property {import('./orders').OrderRules} [rules] for repeated numbers and for the delay of new
 * orders
 * @property {import('./newRequests').RequestRules} [requestRules] for new requests
 * @property {import('./recordings').RecordingsKind} [recordings] the response to a request for a
 * recording; default: the recording is available immediately
 * @property {import('./callbacks').CallbackRules} [callbackRules] of the callback widget
 * @property {Clock} [clock] for the limit, the latency and the arrival times; default: the system
 * clock
 */

const HOST = '127.0.0.1';
const DEFAULT_TOKEN = 'rehearsal-token';
const DEFAULT_SITE_ID = '10001';
const DEFAULT_PORT = 8089;
const DEFAULT_ZONE = 'Europe/Moscow';
const DEFAULT_REQUESTS_PER_SECOND = 5;
/** The path where the user can request webhooks. Calltouch itself does not have this path. */
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
 * Starts a server that responds like Calltouch's orders API 1.0 and its read methods. It stores
 * data in memory and listens on the loopback address only.
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
		// The receiver might be unreachable. Like Calltouch, the simulator does not wait for the
		// receiver.
		void deliver(hooks.webhookUrl, { event: 'request', lead }).catch(() => undefined);
	}

	const { account } = diary;
	const rules = options.requestRules;
	const newRequests = new NewRequests(orders, addLead, tellOfRequest, account, rules);
	const callbacks = new Callbacks(clock.epochMs, options.callbackRules);

	/**
	 * Delivers the webhooks that the user asks for, and responds with the lines that
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
		// Browsers can prefetch a URL with GET.
		if (httpMethod !== 'POST') return end(405, 'This address accepts only POST.');
		const asked = readDelivery(Object.fromEntries(parameters));
		if ('rejection' in asked) return end(400, `${asked.name} ${asked.rejection}`);
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
				meaning: 'rejected: the requests exceed the limit',
			};
		}
		if (request.token !== token && needsToken(method, request.parameters)) {
			return {
				status: 403,
				body: { message: method.denial ?? 'Access denied' },
				meaning: 'rejected: this simulator has another token',
			};
		}
		if (!method.httpMethods.includes(request.httpMethod)) {
			return {
				status: 405,
				body: { message: `Request method '${request.httpMethod}' not supported` },
				meaning: `rejected: accepts ${method.httpMethods.join(' and ')} only`,
			};
		}
		if (method.site && siteAsked(method, request) !== siteId) {
			return {
				status: 403,
				body: { message: 'Access denied' },
				meaning: 'rejected: this simulator has another site',
			};
		}
		const { orders2 = {}, recordings } = options;
		const at = { orders, diary, orders2, newRequests, recordings, callbacks };
		return method.run(at, request.parameters, request);
	}

	/** @param {Received} request @param {import('node:http').ServerResponse} response */
	async function answer(request, response) {
		await delay((options.latencyMs ?? 0) / 2 + Math.random() * (options.jitterMs ?? 0));
		request.arrivedMs = clock.epochMs();
		if (hooks.intercept?.(request, response, () => answerTo(request))) return;
		const { status, body, meaning, headers } = answerTo(request);
		Object.assign(request, { status, meaning });
		await delay((options.latencyMs ?? 0) / 2);
		response.writeHead(status, {
			'content-type': contentTypeOf(body),
			...headers,
			...(status === 429 && options.retryAfterS !== undefined
				? { 'retry-after': String(options.retryAfterS) }
				: {}),
		});
		response.end(typeof body === 'string' || Buffer.isBuffer(body) ? body : toJson(body));
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
		/**
		 * Adds a call with these values. Missing values are generated.
		 *
		 * @param {Partial<Lead>} [values]
		 */
		addCall: (values = {}) => addLead('call', values),
		/**
		 * Adds a request with these values. Missing values are generated.
		 *
		 * @param {Partial<Lead>} [values]
		 */
		addRequest: (values = {}) => addLead('request', values),
		/**
		 * Adds calls at equal intervals.
		 *
		 * @param {number} count
		 * @param {{ fromMs: number, toMs: number }} range
		 */
		addCalls(count, range) {
			for (const call of madeUpCalls(count, range, added)) orders.leads.push(call);
			added += count;
		},
		/** Delivers a webhook. Orders can then be linked to the call or request in the webhook. */
		deliver,
		/**
		 * The URL to which the user sends a POST request for a delivery, with `url` and optionally
		 * `event` and `method`.
		 */
		deliverUrl: `http://${HOST}:${address.port}${DELIVER_PATH}`,
		/** The stored orders. */
		orders: orders.stored,
		/** The accepted callbacks, each of which made a phone ring. */
		callbacks: callbacks.accepted,
		/** The stored calls and requests, in the order in which they were added. */
		leads: orders.leads,
		/** Sets the URL to which each new request is delivered. @param {string | undefined} url */
		setWebhookUrl(url) {
			hooks.webhookUrl = url;
		},
		/** All requests so far, including rejected ones. */
		received,
		/**
		 * Sets a function that responds in place of the simulator. With `undefined`, the simulator
		 * responds again.
		 *
		 * @param {Intercept | undefined} intercept
		 */
		setIntercept(intercept) {
			hooks.intercept = intercept;
		},
		async close() {
			server.closeAllConnections();
			await new Promise((done) => server.close(done));
		},
	};
}

/** @param {unknown} body */
function contentTypeOf(body) {
	if (Buffer.isBuffer(body)) return 'audio/mpeg';
	return typeof body === 'string' ? 'text/html; charset=utf-8' : 'application/json;charset=UTF-8';
}

module.exports = { DEFAULT_PORT, DEFAULT_SITE_ID, DEFAULT_TOKEN, DEFAULT_ZONE, startSimulator };
