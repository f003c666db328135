/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	testTimeout: 30_000,
	// Many tests spend most of their time waiting, so every core can run a test file; by default,
	// Jest leaves one core free.
	maxWorkers: '100%',
	// Concurrent tests spend most of their time waiting, so many of them can run at the same time.
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
			// `npm run lint` checks the types, so Jest only has to run the code.
			{ tsconfig: 'tsconfig.dev.json', diagnostics: false },
		],
	},
	collectCoverageFrom: ['nodes/**/*.ts', 'credentials/**/*.ts'],
	coverageThreshold: { global: { branches: 95, lines: 95, functions: 95, statements: 95 } },
	coverageReporters: ['text', 'lcovonly'],
};
