// @ts-check
const v8 = require('node:v8');
const vm = require('node:vm');

const MIB = 1024 * 1024;

/** The memory in use after garbage collection, in MiB. */
async function idleMemoryMiB() {
	v8.setFlagsFromString('--expose-gc');
	const collect = vm.runInNewContext('gc');
	await new Promise((done) => setImmediate(done));
	collect();
	return process.memoryUsage().heapUsed / MIB;
}

module.exports = { idleMemoryMiB };
