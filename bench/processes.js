// @ts-check
const { fork } = require('node:child_process');
const path = require('node:path');

/** @typedef {import('./worker').Task} Task */

/** @param {import('node:child_process').ChildProcess} child @returns {Promise<any>} */
const nextMessage = (child) =>
	new Promise((resolve, reject) => {
		child.once('message', resolve);
		child.once('exit', (code) =>
			reject(new Error(`A process of the benchmark ended early (${code}).`)),
		);
	});

/** @param {string} file @param {string[]} [args] */
const start = (file, args) =>
	fork(path.join(__dirname, file), args ?? [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });

/**
 * Runs tasks at the same time, each in a process of its own, against one stand-in.
 *
 * @param {object} standIn options of the stand-in
 * @param {Array<Omit<Task, 'url' | 'token'>>} tasks
 */
async function runProcesses(standIn, tasks) {
	const server = start('standIn.js', [JSON.stringify(standIn)]);
	const { url, token } = await nextMessage(server);
	const workers = tasks.map(() => start('worker.js'));
	const results = await Promise.all(
		tasks.map(async (task, index) => {
			const worker = /** @type {import('node:child_process').ChildProcess} */ (workers[index]);
			worker.send({ url, token, prefix: `${index}-`, ...task });
			return await nextMessage(worker);
		}),
	);
	server.send('count');
	const counted = await nextMessage(server);
	[server, ...workers].forEach((child) => {
		child.removeAllListeners('exit');
		child.disconnect();
	});
	return { results, counted };
}

module.exports = { runProcesses };
