import { readExamples } from '../../tools/examples';

/** Safe estimates of the sizes in an n8n note at 100% zoom, in pixels. */
const CHARACTER_WIDTH = 7;
const LINE_HEIGHT = 19;
const HEADING_HEIGHT = 38;
const PARAGRAPH_GAP = 8;
const SIDES = 26;
const MARGIN = 20;

const notes = readExamples().flatMap(({ file, workflow }) =>
	workflow.nodes
		.filter(({ type }) => type === 'n8n-nodes-base.stickyNote')
		.map(({ name, position, parameters }) => ({
			file,
			name,
			bottom: position[1] + Number(parameters.height),
			height: Number(parameters.height),
			width: Number(parameters.width),
			content: String(parameters.content),
		})),
);

/** The number of lines that a paragraph takes up without its Markdown syntax. */
function lineCount(paragraph: string, charactersPerLine: number): number {
	const words = paragraph
		.replace(/\[([^\]]+)\]\([^)]+\)/g, '$1')
		.replace(/[*`]/g, '')
		.split(' ');
	let lines = 1;
	let length = 0;
	for (const word of words) {
		if (length > 0 && length + 1 + word.length > charactersPerLine) {
			lines++;
			length = 0;
		}
		length += (length > 0 ? 1 : 0) + word.length;
	}
	return lines;
}

/** The height that text takes up in a note of this width. */
function textHeight(content: string, width: number): number {
	const charactersPerLine = (width - SIDES) / CHARACTER_WIDTH;
	return content
		.split('\n')
		.filter((paragraph) => paragraph !== '')
		.map((paragraph) =>
			paragraph.startsWith('## ')
				? HEADING_HEIGHT
				: lineCount(paragraph, charactersPerLine) * LINE_HEIGHT + PARAGRAPH_GAP,
		)
		.reduce((sum, height) => sum + height, 0);
}

it.each(notes)('The note in $file has enough room for its text and a margin', (note) => {
	expect(note.height).toBeGreaterThanOrEqual(textHeight(note.content, note.width) + MARGIN);
});

it.each(notes)('The note in $file ends above the nodes', ({ bottom }) => {
	expect(bottom).toBeLessThanOrEqual(-40);
});
