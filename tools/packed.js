// @ts-check
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');

/**
 * Packs the built package as `npm publish` would.
 *
 * @param {string} folder for the tarball
 * @returns {{ file: string, tarball: { filename: string, version: string, size: number, files: Array<{ path: string }> } }}
 */
function packInto(folder) {
	const output = execFileSync(
		'npm',
		['pack', '--json', '--loglevel=error', '--pack-destination', folder],
		{ cwd: ROOT, encoding: 'utf8' },
	);
	const [tarball] = Object.values(JSON.parse(output));
	if (!tarball) throw new Error('npm pack created no package.');
	return { file: path.join(folder, tarball.filename), tarball };
}

/**
 * Packs the built package as `npm publish` would, and unpacks it into a new folder. In this folder,
 * the package can load only the two modules that n8n provides.
 *
 * @returns {{ folder: string, files: string[], bytes: number, remove: () => void }} the paths of the
 * package's files, the size of the tarball, and a function that removes the folder
 */
function unpackPackage() {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'n8n-nodes-calltouch-packed-'));
	const { file, tarball } = packInto(folder);
	execFileSync('tar', ['-xzf', file, '-C', folder]);
	for (const provided of ['n8n-workflow', 'luxon']) {
		fs.mkdirSync(path.join(folder, 'node_modules'), { recursive: true });
		fs.symlinkSync(
			path.join(ROOT, 'node_modules', provided),
			path.join(folder, 'node_modules', provided),
		);
	}
	return {
		folder: path.join(folder, 'package'),
		files: tarball.files.map((file) => file.path).sort(),
		bytes: tarball.size,
		remove: () => fs.rmSync(folder, { recursive: true, force: true }),
	};
}

module.exports = { packInto, unpackPackage };
