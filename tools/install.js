// @ts-check
// Installs the locked dependencies when they are missing or out of date, so that each documented command works right
// after cloning. Uses nothing but Node, since it runs before anything is installed.
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

/** @param {string} file */
const read = (file) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined);

/**
 * @param {string} folder that holds the lock file
 * @param {string} notice what to tell the person who waits
 */
function installLocked(folder, notice) {
	const lockFile = path.join(folder, 'package-lock.json');
	const installedFrom = path.join(folder, 'node_modules', '.installed-from-lock.json');
	if (read(lockFile) === read(installedFrom)) return;
	console.log(notice);
	const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
		cwd: folder,
		stdio: ['ignore', 'ignore', 'inherit'],
		shell: process.platform === 'win32',
	});
	if (status !== 0) process.exit(status ?? 1);
	fs.copyFileSync(lockFile, installedFrom);
}

if (require.main === module) {
	installLocked(
		path.join(__dirname, '..'),
		'Installing the dependencies of this project (npm ci), about a minute …',
	);
}

module.exports = { installLocked };
