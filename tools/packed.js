// @ts-check
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');

/**
 * Packs the built package as `npm publish` would, and unpacks it into a new folder, where it finds the two modules that n8n
 * provides and no others.
 *
 * @returns {{ folder: string, files: string[], bytes: number, remove: () => void }} the package's files with their paths
 * inside it, the size of the tarball, and how to remove the folder again
 */
function unpackPackage() {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'n8n-nodes-calltouch-packed-'));
	const output = execFileSync(
		'npm',
		['pack', '--json', '--loglevel=error', '--pack-destination', folder],
		{ cwd: ROOT, encoding: 'utf8' },
	);
	/** @type {Array<{ filename: string, size: number, files: Array<{ path: string }> }>} */
	const packed = Object.values(JSON.parse(output));
	const [tarball] = packed;
	if (!tarball) throw new Error('npm pack made no package.');
	execFileSync('tar', ['-xzf', path.join(folder, tarball.filename), '-C', folder]);
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

module.exports = { unpackPackage };
