// @ts-check
const { execFile } = require('node:child_process');
const path = require('node:path');

const CLI = path.join(__dirname, '..', '..', 'simulator', 'cli.js');

/**
 * Runs the program behind `npm run simulator -- …` to completion.
 *
 * @param {string[]} args
 * @returns {Promise<{ exitCode: number, lines: string[], rejection: string | undefined }>} the lines
 * of its output, and the first line of its error
 */
async function runSimulatorCli(...args) {
	return await new Promise((done) => {
		execFile(process.execPath, [CLI, ...args], (error, stdout, stderr) => {
			done({
				exitCode: error ? Number(error.code) : 0,
				lines: stdout.trimEnd().split('\n'),
				rejection: stderr.split('\n')[0] || undefined,
			});
		});
	});
}

module.exports = { runSimulatorCli };
