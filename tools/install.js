// @ts-check
// Installs the locked dependencies when they are missing or out of date, so that each documented command works right
// after cloning. Uses nothing but Node, since it runs before anything is installed.
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

/**
 * What is locked, or installed, by its path from the folder.
 *
 * @typedef {{ integrity?: string, optional?: boolean, devOptional?: boolean, extraneous?: boolean }} LockedPackage
 */

/** The packages of a lock file; none if there is no such file. @param {string} file @returns {Record<string, LockedPackage>} */
function packagesOf(file) {
	return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')).packages : {};
}

/** Whether all that is locked is installed, by whatever command. @param {string} folder */
function isInstalled(folder) {
	const { '': _root, ...locked } = packagesOf(path.join(folder, 'package-lock.json'));
	// npm keeps it, and writes it last.
	const installed = packagesOf(path.join(folder, 'node_modules', '.package-lock.json'));
	return Object.entries(locked).every(([where, entry]) => {
		const found = installed[where];
		// What is optional may be for another machine, and what is extraneous is left out.
		const mayBeMissing = entry.optional || entry.devOptional || entry.extraneous;
		return found ? found.integrity === entry.integrity : mayBeMissing;
	});
}

/**
 * @param {string} folder that holds the lock file
 * @param {string} notice what to tell the person who waits
 */
function installLocked(folder, notice) {
	if (isInstalled(folder)) return;
	console.log(notice);
	const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
		cwd: folder,
		stdio: ['ignore', 'ignore', 'inherit'],
		shell: process.platform === 'win32',
	});
	if (status !== 0) process.exit(status ?? 1);
}

if (require.main === module) {
	installLocked(
		path.join(__dirname, '..'),
		'Installing the dependencies of this project (npm ci), about a minute …',
	);
}

module.exports = { installLocked };
