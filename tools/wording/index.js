// @ts-check
// Checks the wording of the English Markdown pages with textlint and a single rule of our own.
const fs = require('node:fs');
const path = require('node:path');
const { TextlintKernel } = require('@textlint/kernel');
const markdown = require('@textlint/textlint-plugin-markdown');
const { findWordingFaults } = require('./findWordingFaults');

const ROOT = path.join(__dirname, '..', '..');
/** The pages that are not checked: Russian pages, and the tables of the benchmarks. */
const SKIPPED = ['docs/ru/', 'bench/results.md'];

/** @type {import('@textlint/kernel').TextlintRuleModule} */
const wording = ({ Syntax, RuleError, getSource, locator, report }) => ({
	[Syntax.Str](node) {
		for (const { index, message } of findWordingFaults(getSource(node))) {
			report(node, new RuleError(message, { padding: locator.at(index) }));
		}
	},
});

/** The English Markdown pages, as paths from the root. */
function pages() {
	const folders = ['docs', 'examples', 'bench'].flatMap((folder) =>
		fs
			.readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
			.filter((file) => !file.includes('node_modules'))
			.map((file) => path.posix.join(folder, ...file.split(path.sep))),
	);
	return [...fs.readdirSync(ROOT), ...folders]
		.filter((file) => file.endsWith('.md'))
		.filter((file) => !SKIPPED.some((skipped) => file.startsWith(skipped)));
}

/** The faults in all pages, each as `file:line:column message`. */
async function lintPages() {
	const kernel = new TextlintKernel();
	const options = {
		ext: '.md',
		plugins: [{ pluginId: 'markdown', plugin: markdown.default }],
		rules: [{ ruleId: 'wording', rule: wording }],
	};
	const results = await Promise.all(
		pages().map((file) =>
			kernel.lintText(fs.readFileSync(path.join(ROOT, file), 'utf8'), {
				...options,
				filePath: file,
			}),
		),
	);
	return results.flatMap(({ filePath, messages }) =>
		messages.map(
			({ loc, message }) => `${filePath}:${loc.start.line}:${loc.start.column} ${message}`,
		),
	);
}

if (require.main === module) {
	void lintPages().then((faults) => {
		faults.forEach((fault) => console.error(fault));
		process.exitCode = faults.length === 0 ? 0 : 1;
	});
}

module.exports = { lintPages };
