// @ts-check
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const FAST_TIMERS = path.join(__dirname, 'fastTimers.js');
const CLI = path.join(__dirname, '..', '..', 'tools', 'checkAccount', 'cli.js');
const REPORTS = ['account-report.md', 'account-report.json'];

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */

/**
 * Runs the program behind `npm run check-account -- …` in an empty folder, with shortened pauses.
 *
 * @param {string[]} args
 * @param {object} [setup]
 * @param {{ token?: string, siteId?: string }} [setup.account] set in the environment
 * @param {Record<string, string>} [setup.variables] other environment variables
 * @param {string} [setup.input] the person's input
 * @param {(child: ChildProcess) => void} [setup.onStart]
 */
async function runAccountCheckCli(
	args,
	{ account = {}, variables = {}, input = '', onStart } = {},
) {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'account-check-'));
	const { CALLTOUCH_TOKEN: _token, CALLTOUCH_SITE_ID: _siteId, ...env } = process.env;
	try {
		const child = spawn(process.execPath, ['--require', FAST_TIMERS, CLI, ...args], {
			cwd: folder,
			env: {
				...env,
				...variables,
				...(account.token === undefined ? {} : { CALLTOUCH_TOKEN: account.token }),
				...(account.siteId === undefined ? {} : { CALLTOUCH_SITE_ID: account.siteId }),
			},
		});
		let output = '';
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding('utf8').on('data', (text) => {
				output += text;
			});
		}
		child.stdin.end(input);
		onStart?.(child);
		const exitCode = await new Promise((done) => child.once('close', done));
		const reports = REPORTS.filter((file) => fs.existsSync(path.join(folder, file))).map((file) =>
			fs.readFileSync(path.join(folder, file), 'utf8'),
		);
		return { exitCode, output, reports };
	} finally {
		fs.rmSync(folder, { recursive: true });
	}
}

/** Functions that press Ctrl+C in a running program and close its output. */
function ctrlC() {
	/** @type {ChildProcess | undefined} */
	let child;
	return {
		/** @param {ChildProcess} started */
		onStart(started) {
			child = started;
		},
		press: () => child?.kill('SIGINT'),
		/** Closes the output, as if the program that reads it, for example `tee`, had ended. */
		closeOutput() {
			child?.stdout?.destroy();
			child?.stderr?.destroy();
		},
	};
}

module.exports = { ctrlC, runAccountCheckCli };
