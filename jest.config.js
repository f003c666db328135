/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	testTimeout: 30_000,
	// Many tests wait, so two cores can run two files at a time; Jest's default is one fewer.
	maxWorkers: '100%',
	// For tests that may run concurrently and mostly wait.
	maxConcurrency: 16,
	testMatch: ['<rootDir>/test/**/*.test.ts'],
	modulePathIgnorePatterns: [
		'<rootDir>/dist/',
		'<rootDir>/bench/',
		'<rootDir>/e2e/',
		'<rootDir>/reports/',
	],
	transform: {
		'^.+\\.ts$': [
			'ts-jest',
			// Types are checked by `npm run lint`; here only the running code counts.
			{ tsconfig: 'tsconfig.dev.json', diagnostics: false },
		],
	},
	collectCoverageFrom: ['nodes/**/*.ts', 'credentials/**/*.ts'],
	coverageThreshold: { global: { branches: 95, lines: 95, functions: 95, statements: 95 } },
	coverageReporters: ['text', 'lcovonly'],
};
