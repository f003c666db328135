// @ts-check
// Asks questions in the terminal.
const readline = require('node:readline');
const { Writable } = require('node:stream');

/**
 * Asks questions in the terminal. Without a terminal, each line of the input is an answer.
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
	const lines = terminal[Symbol.asyncIterator]();

	/**
	 * @param {string} question
	 * @returns {Promise<string | undefined>} undefined at the end of the input
	 */
	async function ask(question) {
		output.write(question);
		return (await lines.next()).value;
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
