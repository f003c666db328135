const { spawnSync } = require('node:child_process');
const fs = require('node:fs/promises');
const { dest, series, src } = require('gulp');

/** Empties `dist`, so that a file deleted from the sources does not remain in the package. */
async function clean() {
	await fs.rm('dist', { recursive: true, force: true });
}

/** Compiles the node and the credential with the project's own TypeScript. */
async function compile() {
	const tsc = require.resolve('typescript/bin/tsc');
	const { status } = spawnSync(process.execPath, [tsc], { stdio: 'inherit' });
	if (status !== 0) throw new Error('TypeScript reported errors, see above.');
}

/** Copies the other files that n8n reads: icons, codex files and output schemas. */
function assets() {
	return src(['icons/**/*.svg', 'nodes/**/*.json'], { base: '.' }).pipe(dest('dist'));
}

exports.assets = assets;
exports.build = series(clean, compile, assets);
exports.default = exports.build;
