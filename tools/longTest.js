// @ts-check
// Runs one test at its full length, or at the one that is given, from a new seed each time, which is printed.
const { spawnSync } = require('node:child_process');

/** @type {Record<string, string>} */
const FULL_LENGTH = { fuzz: '100000', load: '10000' };

const [name = '', length = FULL_LENGTH[name], seed = String(Date.now() % 2 ** 31)] =
	process.argv.slice(2);
if (length === undefined) throw new Error(`Which? ${Object.keys(FULL_LENGTH).join(' or ')}.`);
console.log(`${length}, seed ${seed}. The same again: npm run ${name} -- ${length} ${seed}`);
const { status } = spawnSync(
	process.execPath,
	[require.resolve('jest/bin/jest'), `test/${name}.test.ts`],
	{ stdio: 'inherit', env: { ...process.env, TEST_LENGTH: length, TEST_SEED: seed } },
);
process.exitCode = status ?? 1;
