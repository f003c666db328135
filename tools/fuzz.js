// @ts-check
// Runs the fuzzing test for long: 100,000 items, or as many as are given, from a new seed each time, which is printed.
const { spawnSync } = require('node:child_process');
const path = require('node:path');

const [runs = '100000', seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
console.log(
	`Fuzzing with ${runs} items, seed ${seed}. The same again: npm run fuzz -- ${runs} ${seed}`,
);
const { status } = spawnSync(
	path.join(__dirname, '..', 'node_modules', '.bin', 'jest'),
	['test/fuzz.test.ts'],
	{ stdio: 'inherit', env: { ...process.env, FUZZ_RUNS: runs, FUZZ_SEED: seed } },
);
process.exitCode = status ?? 1;
