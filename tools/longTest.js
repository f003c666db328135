// @ts-check
// Runs one kind of long test: node tools/longTest.js KIND [LENGTH] [SEED]. The default is the full
// length and a new seed, which the program prints.
const { spawnSync } = require('node:child_process');

/**
 * The test files of each kind, and the full length of each test.
 * @type {Record<string, Record<string, string>>}
 */
const FULL_LENGTHS = {
	fuzz: {
		fuzz: '100000',
		fuzzRecords: '20000',
		fuzzRecordings: '10000',
		deliveries: '20000',
		histories: '10000',
		dateRange: '2000',
		rateLimiter: '40',
	},
	load: { load: '10000' },
};

const [name = '', length, seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
const files = FULL_LENGTHS[name];
if (!files) throw new Error(`Choose a kind: ${Object.keys(FULL_LENGTHS).join(' or ')}.`);
for (const [file, fullLength] of Object.entries(files)) {
	const ownLength = length ?? fullLength;
	console.log(`${file}: length ${ownLength}, seed ${seed}.`);
	console.log(`To repeat this test: npm run ${name} -- ${ownLength} ${seed}`);
	const { status } = spawnSync(
		process.execPath,
		[require.resolve('jest/bin/jest'), `/${file}\\.test\\.ts$`],
		{ stdio: 'inherit', env: { ...process.env, TEST_LENGTH: ownLength, TEST_SEED: seed } },
	);
	if (status !== 0) process.exitCode = status ?? 1;
}
