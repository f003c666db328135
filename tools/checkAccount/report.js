// @ts-check
// The report of a run. Of each response, the report shows only the shape, known words and the
// values that this program sent.
const { NOT_CHECKED } = require('./checks');
const { shapeOf } = require('./jsonShape');
const { isWebPage } = require('./response');
const { errorText } = require('./errorText');

/** @typedef {import('./apiClient').Exchange} Exchange */

/**
 * @typedef {object} RequestLine
 * @property {string} step
 * @property {string} method
 * @property {string} path
 * @property {string[]} parameters the names of the parameters
 * @property {number | null} status
 * @property {string} contentType
 * @property {string} shape of the body
 * @property {string} error words from an error message, or the code of a network error
 * @property {number} times the number of such exchanges
 */

/**
 * @typedef {object} Report
 * @property {string} day
 * @property {'Calltouch' | 'another server'} server
 * @property {string[]} options
 * @property {Array<{ question: string, statement: string, verdict: string, seen: string }>} assumptions
 * @property {string[]} notChecked
 * @property {RequestLine[]} requests
 */

const CONTENT_TYPES = [
	'application/json',
	'application/octet-stream',
	'audio/mpeg',
	'audio/mp3',
	'audio/wav',
	'audio/x-wav',
	'text/html',
	'text/plain',
	'text/xml',
	'application/xml',
];

/**
 * @param {Pick<import('./run').Result, 'exchanges' | 'verdicts'>} result
 * @param {{ baseUrl: string, options: import('./checks').CheckOptions, nowMs: number }} about
 * @returns {Report}
 */
function reportOf({ exchanges, verdicts }, { baseUrl, options, nowMs }) {
	const { isReadOnly, hasLimit, hasOrders2 } = options;
	return {
		day: new Date(nowMs).toISOString().slice(0, 10),
		server: new URL(baseUrl).hostname.endsWith('calltouch.ru') ? 'Calltouch' : 'another server',
		options: [
			...(isReadOnly ? ['--read-only'] : []),
			...(hasOrders2 ? ['--orders-2'] : []),
			...(hasLimit ? ['--limit'] : []),
		],
		assumptions: verdicts.map(({ assumption: { question, statement }, verdict }) => ({
			question,
			statement,
			...verdict,
		})),
		notChecked: NOT_CHECKED,
		requests: merged(exchanges.map(lineOf)),
	};
}

/** @param {Exchange} exchange @returns {RequestLine} */
function lineOf(exchange) {
	const { step, request, status, contentType } = exchange;
	const { method, path, parameters = {}, json } = request;
	return {
		step,
		method,
		path,
		parameters: json === undefined ? Object.keys(parameters) : ['(JSON body)'],
		status: status ?? null,
		contentType: CONTENT_TYPES.includes(contentType) ? contentType : contentType && 'other',
		shape: bodyShape(exchange),
		error: exchange.failure ?? errorText(exchange),
		times: 1,
	};
}

/** Merges equal lines and counts them. @param {RequestLine[]} lines */
function merged(lines) {
	/** @type {Map<string, RequestLine>} */
	const different = new Map();
	for (const line of lines) {
		const key = JSON.stringify(line);
		const { times } = different.get(key) ?? { times: 0 };
		different.set(key, { ...line, times: times + 1 });
	}
	return [...different.values()];
}

/** @param {Exchange} exchange */
function bodyShape({ status, body, json, contentType }) {
	if (status === undefined) return 'no response';
	if (json !== undefined) return shapeOf(json);
	if (body === '') return 'empty';
	if (isWebPage(body)) return 'web page';
	return contentType.startsWith('audio/') ? 'audio' : 'text or data that is not JSON';
}

/** @param {Report} report */
function toMarkdown({ day, server, options, assumptions, notChecked, requests }) {
	return `# Account report

Created by \`npm run check-account\` on ${day}, with ${server}${options.length > 0 ? `, options: ${options.join(' ')}` : ''}.

The report contains no token, no Site ID and no data about clients. For each response, it shows only the status, the names and types of
the values, and known words from error messages. \`…\` and \`[hidden key]\` replace everything else; \`#\` replaces digits.

## Assumptions

| Assumption | Verdict | Response |
| --- | --- | --- |
${assumptions.map(({ statement, verdict, seen }) => row(statement, `**${verdict}**`, seen)).join('\n')}

## Not checked

${notChecked.map((question) => `- ${question}`).join('\n')}

## Requests

${requests.map(requestText).join('\n\n')}
`;
}

/** @param {...string} cells */
function row(...cells) {
	return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** @param {RequestLine} line */
function requestText({ step, method, path, parameters, status, contentType, shape, error, times }) {
	const type = contentType ? ` ${contentType}` : '';
	return `### ${step}${times > 1 ? `, ${times} times` : ''}

${method} \`${path}\`${parameters.length > 0 ? ` with ${parameters.join(', ')}` : ''} → ${status === null ? 'no response' : `HTTP ${status}${type}`}${error ? `: ${error}` : ''}

\`\`\`ts
${shape}
\`\`\``;
}

module.exports = { reportOf, toMarkdown };
