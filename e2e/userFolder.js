// @ts-check
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { packInto } = require('../tools/packed');

const NAME = 'n8n-nodes-calltouch';
/** The keys of package.json that n8n's installer removes before it installs the dependencies. */
const STRIPPED = ['devDependencies', 'peerDependencies', 'optionalDependencies'];

/**
 * Creates a user folder for n8n, with the packed node installed as n8n's own installer does.
 *
 * @returns {{ folder: string, packageFolder: string, remove: () => void }}
 */
function createUserFolder() {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'calltouch-e2e-'));
	const nodes = path.join(folder, '.n8n', 'nodes');
	const packageFolder = path.join(nodes, 'node_modules', NAME);
	fs.mkdirSync(packageFolder, { recursive: true });
	const { file, tarball } = packInto(folder);
	execFileSync('tar', ['-xzf', file, '-C', packageFolder, '--strip-components=1']);
	const manifestFile = path.join(packageFolder, 'package.json');
	const manifest = JSON.parse(fs.readFileSync(manifestFile, 'utf8'));
	for (const stripped of STRIPPED) delete manifest[stripped];
	fs.writeFileSync(manifestFile, JSON.stringify(manifest, null, 2));
	execFileSync(
		'npm',
		[
			'install',
			'--audit=false',
			'--fund=false',
			'--bin-links=false',
			'--install-strategy=shallow',
			'--ignore-scripts=true',
			'--package-lock=false',
			'--loglevel=error',
		],
		{ cwd: packageFolder, stdio: ['ignore', 'ignore', 'inherit'] },
	);
	fs.writeFileSync(
		path.join(nodes, 'package.json'),
		JSON.stringify({
			name: 'installed-nodes',
			private: true,
			dependencies: { [NAME]: tarball.version },
		}),
	);
	return {
		folder,
		packageFolder,
		remove: () => fs.rmSync(folder, { recursive: true, force: true }),
	};
}

module.exports = { createUserFolder };
