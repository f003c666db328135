// @ts-check
// Installs the locked dependencies when they are missing or out of date, so that each documented command works right
// after cloning. Uses nothing but Node, since it runs before anything is installed.
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const lockFile = path.join(root, 'package-lock.json');
const installedFrom = path.join(root, 'node_modules', '.installed-from-lock.json');

/** @param {string} file */
const read = (file) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined);

if (read(lockFile) !== read(installedFrom)) {
	console.log('Installing the dependencies of this project (npm ci), about a minute …');
	const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
		cwd: root,
		stdio: ['ignore', 'ignore', 'inherit'],
		shell: process.platform === 'win32',
	});
	if (status !== 0) process.exit(status ?? 1);
	fs.copyFileSync(lockFile, installedFrom);
}
