// @ts-check
// Installs the locked packages of a folder, by default this project's, unless they are up to date.
// This script needs only Node, because it runs before any package is installed.
const { execSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

/** The time when a file was last modified; 0 if the file does not exist. @param {string} file */
const changedMs = (file) => fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** @param {string} folder that contains the lock file */
function installLocked(folder) {
	// npm writes this file last, so an interrupted installation is repeated.
	const installed = path.join(folder, 'node_modules', '.package-lock.json');
	if (changedMs(installed) >= changedMs(path.join(folder, 'package-lock.json'))) return;
	console.log(`Installing the dependencies of ${path.basename(path.resolve(folder))} (npm ci) …`);
	execSync('npm ci --no-audit --no-fund --loglevel=error', { cwd: folder, stdio: 'inherit' });
}

if (require.main === module) installLocked(process.argv[2] ?? path.join(__dirname, '..'));

module.exports = { installLocked };
