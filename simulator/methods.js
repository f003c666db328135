// @ts-check
const { orders2At } = require('./orders2');

/** @typedef {import('./diary').Diary} Diary */
/** @typedef {import('./orders').Answer} Answer */
/** @typedef {import('./orders').Orders} Orders */
/** @typedef {import('./orders2').Orders2Rules} Orders2Rules */
/** @typedef {import('./server').Received} Received */
/** @typedef {Map<string, string>} Parameters */
/** @typedef {import('./newRequests').NewRequests} NewRequests */
/**
 * @typedef {{ orders: Orders, diary: Diary, orders2: Orders2Rules, newRequests: NewRequests }} Account
 */

/**
 * @typedef {object} Method
 * @property {RegExp} path after the base of the API; its group is the site ID, if the path contains
 * it
 * @property {string[]} httpMethods
 * @property {'path' | 'query' | 'header'} [site] the place of the site ID, if the method needs it
 * @property {true} [needsNoToken]
 * @property {(account: Account, parameters: Parameters, request: Received) => Answer} run
 */

const BASE = '/calls-service/RestAPI';

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
		// Calltouch's response for a call without a recording is a guess; no call here has a
		// recording.
		path: /^\/([^/]+)\/calls-diary\/calls\/\d+\/download\/?$/,
		httpMethods: ['GET'],
		site: 'path',
		run: () => ({
			status: 404,
			body: { message: 'No recording' },
			meaning: 'the call has no recording',
		}),
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
	return method ?? orders2At(path);
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

module.exports = { methodAt, siteAsked };
