// @ts-check
// Mutation testing: breaks the code in one place after the other and sees whether a test turns red. Takes over an
// hour, so it is not a part of CI; CONTRIBUTING.md records the scores. With a word, only the group of that name.
const path = require('node:path');
const { Stryker } = require('@stryker-mutator/core');
const jestConfig = require('../jest.config');

const ROOT = path.join(__dirname, '..');
const SOURCES = 'nodes/Calltouch';

/** What is broken, and the tests that should see it: few enough for each mutant to be shown to all of them. */
const GROUPS = {
	values: {
		mutate: [`${SOURCES}/values/*.ts`, `!${SOURCES}/values/ipAddress.ts`],
		tests: ['unit/values/*'],
	},
	pace: {
		mutate: [
			'transport/backoff',
			'rateLimit/adaptiveRate',
			'rateLimit/circuitBreaker',
			'rateLimit/clock',
			'rateLimit/pacer',
		].map((name) => `${SOURCES}/${name}.ts`),
		// Without the simulations of whole runs, which take seconds for each mutant.
		tests: ['unit/transport/backoff', 'unit/rateLimit/{adaptiveRate,circuitBreaker,clock,pacer}'],
	},
	limiter: {
		mutate: ['rateLimiter', 'waitingRequests'].map((name) => `${SOURCES}/rateLimit/${name}.ts`),
		tests: ['unit/rateLimit/rateLimiter'],
	},
	errors: {
		mutate: [
			'transport/classifyResponse',
			'transport/errorMessages',
			'transport/failureTexts',
			'transport/calltouchApiError',
		].map((name) => `${SOURCES}/${name}.ts`),
		tests: [
			'unit/transport/classifyResponse',
			'unit/transport/errorMessages',
			'unit/exactlyOnce/upsert',
		],
	},
	sending: {
		mutate: ['backoff', 'redirect', 'retryPolicy', 'sendOnce', 'sendWithRetry'].map(
			(name) => `${SOURCES}/transport/${name}.ts`,
		),
		tests: ['backoff', 'redirect', 'retryPolicy', 'sendOnce', 'sendWithRetry'].map(
			(name) => `unit/transport/${name}`,
		),
	},
	api: {
		mutate: [`${SOURCES}/api/*.ts`, `!${SOURCES}/api/reading.ts`],
		tests: ['unit/api/*', 'unit/transport/errorMessages'],
	},
	credential: {
		mutate: ['account', 'tokenMask'].map((name) => `${SOURCES}/credential/${name}.ts`),
		tests: ['unit/credential/*'],
	},
	// The rest of actions/ is fields and their texts, which are tested through the engine.
	reading: {
		mutate: ['actions/getMany/readRange', 'api/reading'].map((name) => `${SOURCES}/${name}.ts`),
		tests: ['unit/actions/getMany/readRange', 'unit/api/reading'],
	},
	// The rest of trigger/ is texts, which triggerInterface pins, and what is tested through the engine.
	trigger: {
		mutate: ['delivery', 'events', 'filter', 'output']
			.map((name) => `${SOURCES}/trigger/${name}.ts`)
			.concat(`${SOURCES}/values/ipAddress.ts`),
		tests: ['unit/trigger/*', 'unit/values/ipAddress'],
	},
	execution: {
		mutate: ['executionHints', 'itemRunner', 'nodeError', 'runSummary', 'sharedReads'].map(
			(name) => `${SOURCES}/execution/${name}.ts`,
		),
		tests: ['unit/execution/*'],
	},
	exactlyOnce: {
		mutate: [`${SOURCES}/exactlyOnce/*.ts`],
		tests: ['unit/exactlyOnce/*', 'unit/execution/itemRunner'],
	},
	warnings: {
		mutate: ['warnings', 'order/warnings', 'getMany/warnings'].map(
			(name) => `${SOURCES}/actions/${name}.ts`,
		),
		tests: ['unit/actions/warnings'],
	},
};

/** @param {string} name @param {{ mutate: string[], tests: string[] }} group */
async function mutate(name, { mutate: files, tests }) {
	const config = {
		...jestConfig,
		testMatch: tests.map((test) => `<rootDir>/test/${test}.test.ts`),
		coverageThreshold: undefined,
	};
	await new Stryker({
		testRunner: 'jest',
		coverageAnalysis: 'perTest',
		mutate: files,
		jest: { projectType: 'custom', config, enableFindRelatedTests: false },
		ignorePatterns: ['bench', 'coverage', 'dist', 'docs', 'e2e', 'reports'],
		timeoutMS: 10_000,
		tempDirName: `reports/${name}`,
		reporters: ['json', 'clear-text', 'progress-append-only'],
		jsonReporter: { fileName: `reports/mutation-${name}.json` },
		clearTextReporter: { allowColor: false, logTests: false, allowEmojis: false },
		allowConsoleColors: false,
	}).runMutationTest();
}

async function main() {
	process.chdir(ROOT);
	const [only] = process.argv.slice(2);
	for (const [name, group] of Object.entries(GROUPS)) {
		if (only === undefined || only === name) await mutate(name, group);
	}
}

void main().catch((error) => {
	console.error(error);
	process.exitCode = 1;
});
