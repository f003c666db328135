// @ts-check
const { execFile } = require('node:child_process');
const path = require('node:path');

const CLI = path.join(__dirname, '..', '..', 'simulator', 'cli.js');

/**
 * Runs what `npm run simulator -- …` runs, to its end.
 *
 * @param {string[]} args
 * @returns {Promise<{ exitCode: number, lines: string[], refusal: string | undefined }>} the lines
 * that it printed, and the first one of what it complained of
 */
async function runSimulatorCli(...args) {
	return await new Promise((done) => {
		execFile(process.execPath, [CLI, ...args], (error, stdout, stderr) => {
			done({
				exitCode: error ? Number(error.code) : 0,
				lines: stdout.trimEnd().split('\n'),
				refusal: stderr.split('\n')[0] || undefined,
			});
		});
	});
}

module.exports = { runSimulatorCli };
