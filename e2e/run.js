// @ts-check
// Tests the built node in n8n. An argument limits the run to test files whose names start with it.
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { installMiddleN8n, installN8n, installOldN8n } = require('./install');

installN8n();
installMiddleN8n();
installOldN8n();
const [prefix = ''] = process.argv.slice(2);
const files = fs
	.readdirSync(__dirname)
	.filter((file) => file.endsWith('.test.js') && file.startsWith(prefix))
	.map((file) => path.join(__dirname, file));
const { status } = spawnSync(
	process.execPath,
	['--test', '--test-concurrency=1', '--test-reporter=spec', ...files],
	{ stdio: 'inherit' },
);
process.exitCode = status ?? 1;
