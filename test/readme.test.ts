import { allFields } from './support/labels';
import { readFile } from './support/files';

const ENGLISH = readFile('README.md');
const RUSSIAN = readFile('docs/ru/README.md');

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

describe('the Russian README keeps in step', () => {
	it('with the headings', () => {
		expect(headingLevels(RUSSIAN)).toEqual(headingLevels(ENGLISH));
	});

	it('with the tables: their rows, columns, and all that is written as code', () => {
		const shape = (text: string) =>
			tableRows(text).map((row) => [row.length, ...codeIn(row.join('|'))]);
		expect(shape(RUSSIAN)).toEqual(shape(ENGLISH));
	});

	it('with the fields, which are named as they are on the screen', () => {
		const fields = (text: string) =>
			tableRows(text)
				.filter(isFieldTable)
				.map(([field = '']) => field.trim())
				.filter((field) => field !== 'Field' && field !== 'Поле');
		expect(fields(ENGLISH).length).toBeGreaterThan(40);
		expect(fields(RUSSIAN)).toEqual(fields(ENGLISH));
	});

	it('with the pictures', () => {
		const pictures = (text: string) =>
			[...text.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, url]) => url);
		expect(pictures(RUSSIAN)).toEqual(pictures(ENGLISH));
	});
});

describe('the README', () => {
	it.each(allFields())('tells of every field: %s %s', (operation, label) => {
		const chapter = ENGLISH.split(/^### /m).find((one) => one.startsWith(`${operation}\n`)) ?? '';
		const shared = ENGLISH.split(/^### /m).find((one) => one.startsWith('Create\n')) ?? '';
		expect(operation === 'Create by Contact' ? chapter + shared : chapter).toContain(label);
	});

	it('leads nowhere that is not there', () => {
		const anchors = linesOf(ENGLISH).flatMap((line) => {
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
		const targets = [...ENGLISH.matchAll(/\]\((#[^)]+)\)/g)].map(([, target]) => target);
		expect(targets.filter((target) => !anchors.includes(String(target)))).toEqual([]);
	});
});
