// @ts-check
// Questions in the terminal.
const readline = require('node:readline');
const { Writable } = require('node:stream');

/**
 * Asks one question after the other. Without a terminal, answers are the lines of the input.
 *
 * @param {NodeJS.ReadStream} input
 * @param {NodeJS.WriteStream} output
 */
function createPrompt(input, output) {
	let isHidden = false;
	const visible = new Writable({
		write(chunk, _encoding, done) {
			if (!isHidden) output.write(chunk);
			done();
		},
	});
	const terminal = readline.createInterface({
		input,
		output: visible,
		terminal: input.isTTY === true,
		historySize: 0,
	});
	/** @type {string[]} */
	const lines = [];
	let wake = () => {};
	let isClosed = false;
	terminal.on('line', (line) => {
		lines.push(line);
		wake();
	});
	terminal.on('close', () => {
		isClosed = true;
		wake();
	});

	/**
	 * @param {string} question
	 * @returns {Promise<string | undefined>} undefined at the end of the input
	 */
	async function ask(question) {
		output.write(question);
		if (lines.length === 0 && !isClosed) {
			await new Promise((done) => {
				wake = () => done(undefined);
			});
		}
		return lines.shift();
	}

	return {
		ask,

		/** Asks without showing the answer. @param {string} question */
		async askHidden(question) {
			isHidden = true;
			const answer = await ask(question);
			isHidden = false;
			output.write('\n');
			return answer;
		},

		close: () => terminal.close(),
	};
}

module.exports = { createPrompt };
