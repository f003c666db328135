// @ts-check
const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.join(__dirname, '..', '..');

/** The text of a file of the project. @param {string} file its path from the root */
function readFile(file) {
	return fs.readFileSync(path.join(ROOT, file), 'utf8');
}

module.exports = { readFile };
