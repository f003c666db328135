// @ts-check
/** @typedef {import('./diary').Diary} Diary */
/** @typedef {import('./orders').Answer} Answer */
/** @typedef {import('./orders').Orders} Orders */
/** @typedef {Map<string, string>} Parameters */

/**
 * @typedef {object} Method
 * @property {RegExp} path after the base of the API; its group is the site's id, where the path holds it
 * @property {string[]} httpMethods
 * @property {'path' | 'query'} [site] where the site's id is, if the method needs it
 * @property {(account: { orders: Orders, diary: Diary }, parameters: Parameters) => Answer} run
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
		path: /^\/requests\/?$/,
		httpMethods: ['GET'],
		site: 'query',
		run: ({ diary }, parameters) => diary.requests(parameters),
	},
	{
		path: /^\/([^/]+)\/orders-diary\/orders\/?$/,
		httpMethods: ['GET'],
		site: 'path',
		run: ({ diary }, parameters) => diary.ordersByDate(parameters),
	},
];

/** The method that a path names, or undefined. @param {string} path */
function methodAt(path) {
	return METHODS.find(
		(method) => path.startsWith(BASE) && method.path.test(path.slice(BASE.length)),
	);
}

/**
 * The site that a request asks for.
 *
 * @param {Method} method
 * @param {string} path
 * @param {Parameters} parameters
 */
function siteAsked({ path: pattern, site }, path, parameters) {
	return site === 'query' ? parameters.get('siteId') : pattern.exec(path.slice(BASE.length))?.[1];
}

module.exports = { methodAt, siteAsked };
