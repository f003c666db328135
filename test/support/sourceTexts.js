// @ts-check
const ts = require('typescript');
const { listFiles, readFile } = require('./files');

/**
 * All strings in the package's code that contain a blank. These strings include all labels,
 * descriptions, hints, notices and messages.
 *
 * @returns {Array<{ file: string, text: string }>}
 */
function sourceTexts() {
	return ['nodes', 'credentials']
		.flatMap((folder) => listFiles(folder, '.ts'))
		.flatMap((file) => {
			const source = ts.createSourceFile(file, readFile(file), ts.ScriptTarget.Latest, true);
			return textsIn(source).map((text) => ({ file, text }));
		});
}

/** @param {import('typescript').Node} node @returns {string[]} */
function textsIn(node) {
	const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node);
	const own = isText || ts.isTemplateMiddleOrTemplateTail(node) ? [node.text] : [];
	/** @type {string[]} */
	const inside = [];
	ts.forEachChild(node, (child) => {
		inside.push(...textsIn(child));
	});
	return [...own, ...inside].filter((text) => text.includes(' '));
}

module.exports = { sourceTexts };
