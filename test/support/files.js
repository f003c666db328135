// @ts-check
const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.join(__dirname, '..', '..');

/** The text of a project file. @param {string} file its path from the root */
function readFile(file) {
	return fs.readFileSync(path.join(ROOT, file), 'utf8');
}

/**
 * The files in a folder and its subfolders, as paths from the root.
 *
 * @param {string} folder
 * @param {string} ending
 */
function listFiles(folder, ending) {
	return fs
		.readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith(ending))
		.map((file) => path.posix.join(folder, ...file.split(path.sep)));
}

/**
 * Whether the project contains this file or folder.
 *
 * @param {string} file its path from the root
 */
function exists(file) {
	return fs.existsSync(path.join(ROOT, file));
}

module.exports = { exists, listFiles, readFile };
