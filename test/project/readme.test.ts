import { CalltouchApi } from '../../credentials/CalltouchApi.credentials';
import { Calltouch } from '../../nodes/Calltouch/Calltouch.node';
import { allFields } from '../support/labels';
import { readFile } from '../support/files';

const ENGLISH = readFile('README.md');
const RUSSIAN = readFile('docs/ru/README.md');
const FIELDS = readFile('docs/fields.md');
const RUSSIAN_FIELDS = readFile('docs/ru/fields.md');
const PAGES: Array<[name: string, english: string, russian: string]> = [
	['README', ENGLISH, RUSSIAN],
	['page of fields', FIELDS, RUSSIAN_FIELDS],
];

const linesOf = (text: string) => text.replace(/```[\s\S]*?```/g, '').split('\n');

/** The levels of the headings, in turn. */
function headingLevels(text: string): number[] {
	return linesOf(text).flatMap((line) => /^(#+) /.exec(line)?.[1]?.length ?? []);
}

/** The rows of all tables, each with its cells. */
function tableRows(text: string): string[][] {
	return linesOf(text)
		.filter((line) => line.startsWith('|') && !/^\|[ -]+\|[ |-]*$/.test(line))
		.map((line) => line.split('|').slice(1, -1));
}

/** What is written as code, which is the same in all languages. */
const codeIn = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code);

/** Names on the screen, which stay English, stand in the first column of a table of fields. */
const isFieldTable = (row: string[]) => row.length === 4;

describe.each(PAGES)('the Russian %s keeps in step', (_name, english, russian) => {
	it('with the headings', () => {
		expect(headingLevels(russian)).toEqual(headingLevels(english));
	});

	it('with the tables: their rows, columns, and all that is written as code', () => {
		const shape = (text: string) =>
			tableRows(text).map((row) => [row.length, ...codeIn(row.join('|'))]);
		expect(shape(english).length).toBeGreaterThan(10);
		expect(shape(russian)).toEqual(shape(english));
	});
});

describe('the Russian pages keep in step', () => {
	it('with the fields, which are named as they are on the screen', () => {
		const fields = (text: string) =>
			tableRows(text)
				.filter(isFieldTable)
				.map(([field = '']) => field.trim())
				.filter((field) => field !== 'Field' && field !== 'Поле');
		expect(fields(FIELDS).length).toBeGreaterThan(40);
		expect(fields(RUSSIAN_FIELDS)).toEqual(fields(FIELDS));
	});

	it('with the pictures', () => {
		const pictures = (text: string) =>
			[...text.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, url]) => url);
		expect(pictures(RUSSIAN)).toEqual(pictures(ENGLISH));
	});
});

/** Whose chapters an operation's fields are told of in, besides its own. */
const SHARED: Record<string, string[]> = {
	'Create by Contact': ['Create'],
	'Create or Update': ['Create', 'Create by Contact'],
};

describe('the Docs links', () => {
	it.each([
		["the node's", new Calltouch().description.documentationUrl],
		["the credential's", new CalltouchApi().documentationUrl],
	])('of n8n lead to where the Russian page is one click away: %s', (_whose, url = '') => {
		const heading = url.split('#')[1] ?? '';
		const [top = '', ...chapters] = ENGLISH.split(/^## /m);
		const target =
			heading === 'readme' ? top : chapters.find((one) => one.toLowerCase().startsWith(heading));
		expect(target).toContain('/docs/ru/README.md');
	});
});

describe('the page of fields', () => {
	const chapter = (operation: string) =>
		FIELDS.split(/^## /m).find((one) => one.startsWith(`${operation}\n`)) ?? '';

	it.each(allFields())('tells of every field: %s %s', (operation, label) => {
		const chapters = [operation, ...(SHARED[operation] ?? [])].map(chapter);
		expect(chapters.join('')).toContain(label);
	});
});

describe.each([
	['README.md', ENGLISH],
	['docs/ru/README.md', RUSSIAN],
])('%s', (_name, page) => {
	it('has no broken anchors', () => {
		const anchors = linesOf(page).flatMap((line) => {
			const heading = /^#+ (.*)$/.exec(line)?.[1];
			return heading
				? [
						`#${heading
							.toLowerCase()
							.replace(/[^\p{L}\p{N} -]/gu, '')
							.replace(/ /g, '-')}`,
					]
				: [];
		});
		const targets = [...page.matchAll(/\]\((#[^)]+)\)/g)].map(([, target]) => target);
		expect(targets.filter((target) => !anchors.includes(String(target)))).toEqual([]);
	});
});
