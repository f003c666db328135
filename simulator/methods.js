// @ts-check
const { callbackAt } = require('./callbacks');
const { orders2At } = require('./ordersApi2');
const { recordingOf, REDIRECTED } = require('./recordings');

/** @typedef {import('./diary').Diary} Diary */
/** @typedef {import('./orders').Answer} Answer */
/** @typedef {import('./orders').Orders} Orders */
/** @typedef {import('./ordersApi2').Orders2Rules} Orders2Rules */
/** @typedef {import('./server').Received} Received */
/** @typedef {Map<string, string>} Parameters */
/** @typedef {import('./newRequests').NewRequests} NewRequests */
/** @typedef {import('./callbacks').Callbacks} Callbacks */
/** @typedef {import('./recordings').RecordingsKind} RecordingsKind */
/**
 * @typedef {{ orders: Orders, diary: Diary, orders2: Orders2Rules, newRequests: NewRequests, recordings: RecordingsKind | undefined, callbacks: Callbacks }} Account
 */

/**
 * @typedef {object} Method
 * @property {RegExp} path the pattern for the path after the API's base; if the path contains the
 * site ID, the first group matches the ID
 * @property {string[]} httpMethods
 * @property {'path' | 'query' | 'header'} [site] where to send the site ID, if the method needs it
 * @property {true | ((parameters: Parameters) => boolean)} [needsNoToken]
 * @property {string} [denial] the message for an invalid token
 * @property {(account: Account, parameters: Parameters, request: Received) => Answer} run
 */

const BASE = '/calls-service/RestAPI';

const DOWNLOAD = /^\/([^/]+)\/calls-diary\/calls\/(\d+)\/download\/?$/;

/** @type {Method[]} */
const METHODS = [
	{
		path: /^\/orders\/register\/?$/,
		httpMethods: ['GET', 'POST'],
		run: ({ orders }, parameters) => orders.register(parameters),
	},
	{
		path: /^\/orders\/update-by-id\/?$/,
		httpMethods: ['GET'],
		run: ({ orders }, parameters) => orders.update(parameters),
	},
	{
		path: /^\/orders\/delete-by-id\/?$/,
		httpMethods: ['GET'],
		run: ({ orders }, parameters) => orders.delete(parameters),
	},
	{
		path: /^\/([^/]+)\/calls-diary\/calls\/?$/,
		httpMethods: ['GET'],
		site: 'path',
		run: ({ diary }, parameters) => diary.calls(parameters),
	},
	{
		// The response for a call without a recording is a guess.
		path: DOWNLOAD,
		httpMethods: ['GET'],
		site: 'path',
		needsNoToken: (parameters) => parameters.has(REDIRECTED),
		run: ({ orders, recordings: kind }, parameters, { path }) => {
			const callId = DOWNLOAD.exec(path.slice(BASE.length))?.[2] ?? '';
			const asked = { callId, parameters, path, nowMs: orders.nowMs(), kind };
			return recordingOf(orders.leads, asked);
		},
	},
	{
		path: /^\/requests\/?$/,
		httpMethods: ['GET'],
		site: 'query',
		run: ({ diary }, parameters) => diary.requests(parameters),
	},
	{
		path: /^\/requests\/([^/]+)\/register\/?$/,
		httpMethods: ['GET', 'POST'],
		site: 'path',
		needsNoToken: true,
		run: ({ newRequests }, parameters) => newRequests.register(parameters),
	},
	{
		path: /^\/([^/]+)\/orders-diary\/orders\/?$/,
		httpMethods: ['GET'],
		site: 'path',
		run: ({ diary }, parameters) => diary.ordersByDate(parameters),
	},
];

/** The method for a path, or undefined. @param {string} path */
function methodAt(path) {
	const method = METHODS.find(
		(one) => path.startsWith(BASE) && one.path.test(path.slice(BASE.length)),
	);
	return method ?? orders2At(path) ?? callbackAt(path);
}

/**
 * The site ID in a request.
 *
 * @param {Method} method
 * @param {Received} request
 */
function siteAsked({ path: pattern, site }, { path, parameters, headers }) {
	if (site === 'header') return headers.siteid;
	return site === 'query' ? parameters.get('siteId') : pattern.exec(path.slice(BASE.length))?.[1];
}

/**
 * Whether a request needs the token.
 *
 * @param {Method} method
 * @param {Parameters} parameters
 */
function needsToken({ needsNoToken }, parameters) {
	return typeof needsNoToken === 'function' ? !needsNoToken(parameters) : !needsNoToken;
}

module.exports = { methodAt, needsToken, siteAsked };
