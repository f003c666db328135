// @ts-check
const { fork } = require('node:child_process');
const path = require('node:path');
const { startNginx } = require('../e2e/nginx');

/** @typedef {import('./worker').Task} Task */

/** @param {import('node:child_process').ChildProcess} child @returns {Promise<any>} */
const nextMessage = (child) =>
	new Promise((resolve, reject) => {
		child.once('message', resolve);
		child.once('exit', (code) =>
			reject(new Error(`A process of the benchmark exited early (${code}).`)),
		);
	});

/** @param {string} file @param {string[]} [args] */
const start = (file, args) =>
	fork(path.join(__dirname, file), args ?? [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });

/**
 * Runs tasks at the same time, each in its own process, against one simulator.
 *
 * @param {object} simulator the options of the simulator
 * @param {Array<Omit<Task, 'url' | 'token'>>} tasks
 * @param {{ isThroughNginx?: boolean }} [options] with the configuration from examples/queue-mode
 */
async function runProcesses(simulator, tasks, { isThroughNginx = false } = {}) {
	const server = start('simulator.js', [JSON.stringify(simulator)]);
	const { url, token } = await nextMessage(server);
	const nginx = isThroughNginx ? await startNginx(url) : undefined;
	const workers = tasks.map(() => start('worker.js'));
	const results = await Promise.all(
		tasks.map(async (task, index) => {
			const worker = /** @type {import('node:child_process').ChildProcess} */ (workers[index]);
			worker.send({ url: nginx?.url ?? url, token, prefix: `${index}-`, ...task });
			return await nextMessage(worker);
		}),
	);
	server.send('count');
	const counted = await nextMessage(server);
	// Each 429 response from the simulator passed through nginx, so its log contains them all.
	if (nginx) counted.rejected = nginx.written().match(/ 429, limit: /g)?.length ?? 0;
	await nginx?.stop();
	[server, ...workers].forEach((child) => {
		child.removeAllListeners('exit');
		child.disconnect();
	});
	return { results, counted };
}

module.exports = { runProcesses };
