import { CalltouchApi } from '../../credentials/CalltouchApi.credentials';
import { Calltouch } from '../../nodes/Calltouch/Calltouch.node';
import { CalltouchTrigger } from '../../nodes/Calltouch/CalltouchTrigger.node';
import { EVENTS } from '../../nodes/Calltouch/trigger/events';
import { properties } from '../../nodes/Calltouch/trigger/properties';
import { allFields } from '../support/labels';
import { exists, listFiles, readFile } from '../support/files';

const ENGLISH = readFile('README.md');
const RUSSIAN = readFile('docs/ru/README.md');
const FIELDS = readFile('docs/fields.md');
const RUSSIAN_FIELDS = readFile('docs/ru/fields.md');
const PAGES: Array<[name: string, english: string, russian: string]> = [
	['README', ENGLISH, RUSSIAN],
	['page about fields', FIELDS, RUSSIAN_FIELDS],
	...['setup', 'trigger', 'crm', 'messages'].map((name): [string, string, string] => [
		`page docs/${name}.md`,
		readFile(`docs/${name}.md`),
		readFile(`docs/ru/${name}.md`),
	]),
	['page about examples', readFile('examples/README.md'), readFile('docs/ru/examples.md')],
];

const linesOf = (text: string) => text.replace(/```[\s\S]*?```/g, '').split('\n');

/** The levels of the headings, in order. */
function headingLevels(text: string): number[] {
	return linesOf(text).flatMap((line) => /^(#+) /.exec(line)?.[1]?.length ?? []);
}

/** The rows of all tables, each with its cells. */
function tableRows(text: string): string[][] {
	return linesOf(text)
		.filter((line) => line.startsWith('|') && !/^\|[ -]+\|[ |-]*$/.test(line))
		.map((line) => line.split('|').slice(1, -1));
}

/** Text in code style, which is the same in all languages. */
const codeIn = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code);

/** Whether a row is from a table of fields, in which names from the editor stay in English. */
const isFieldTable = (row: string[]) => row.length === 4;

describe.each(PAGES)('The Russian %s', (_name, english, russian) => {
	it('has the same heading levels as the English page', () => {
		expect(headingLevels(russian)).toEqual(headingLevels(english));
	});

	it('has the same table rows, columns and code as the English page', () => {
		const shape = (text: string) =>
			tableRows(text).map((row) => [row.length, ...codeIn(row.join('|'))]);
		expect(shape(russian)).toEqual(shape(english));
	});

	it('has the same pictures as the English page', () => {
		const pictures = (text: string) =>
			[...text.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, target = '']) =>
				target.split('/').pop(),
			);
		expect(pictures(russian)).toEqual(pictures(english));
	});
});

describe('The Russian pages', () => {
	it('use the same field names as the editor', () => {
		const fields = (text: string) =>
			tableRows(text)
				.filter(isFieldTable)
				.map(([field = '']) => field.trim())
				.filter((field) => field !== 'Field' && field !== 'Поле');
		expect(fields(FIELDS).length).toBeGreaterThan(40);
		expect(fields(RUSSIAN_FIELDS)).toEqual(fields(FIELDS));
	});
});

/** For each operation, the other operations whose sections explain some of its fields. */
const SHARED: Record<string, string[]> = {
	'Create by Contact': ['Order: Create'],
	'Create or Update': ['Order: Create', 'Create by Contact'],
	'Web Form Request: Get Many': ['Call: Get Many'],
	'Order: Get Many': ['Call: Get Many'],
};

describe('The links to the docs', () => {
	it.each([
		['the node', new Calltouch().description.documentationUrl],
		['the trigger', new CalltouchTrigger().description.documentationUrl],
		['the credential', new CalltouchApi().documentationUrl],
	])('lead from %s in n8n to a page that links to its Russian version', (_whose, url = '') => {
		const [address = '', heading = ''] = url.split('#');
		const page = address.split('/blob/main/')[1] ?? 'README.md';
		const [top = '', ...chapters] = readFile(page).split(/^## /m);
		const target =
			heading === '' || heading === 'readme'
				? top
				: chapters.find((one) => one.toLowerCase().startsWith(heading));
		expect(target).toMatch(/\[По-русски\]\((?:docs\/)?ru\//);
	});
});

describe('The page about fields', () => {
	const chapter = (operation: string) =>
		FIELDS.split(/^## /m).find((one) => one.startsWith(`${operation}\n`)) ?? '';

	it.each(allFields())('explains every field: %s %s', (operation, label) => {
		const chapters = [operation, ...(SHARED[operation] ?? [])].map(chapter);
		expect(chapters.join('')).toContain(label);
	});
});

describe('The page about the trigger', () => {
	const labels = properties
		.filter(({ type }) => type !== 'notice')
		.flatMap((property) => [property, ...(property.options ?? [])])
		.map((one) => ('displayName' in one ? one.displayName : one.name));

	it.each(labels)('explains every field and event: %s', (label) => {
		expect(readFile('docs/trigger.md')).toContain(label);
		expect(readFile('docs/ru/trigger.md')).toContain(label);
	});

	it('lists the value of each event', () => {
		const values = tableRows(readFile('docs/trigger.md')).map(([, value = '']) => value.trim());
		expect(values).toEqual(expect.arrayContaining(EVENTS.map(({ value }) => `\`${value}\``)));
	});
});

/** Absolute URLs of this project, which are needed on npm and other sites. */
const OWN_ADDRESS =
	/^https:\/\/(?:github\.com\/n8n-nodes-calltouch\/n8n-nodes-calltouch\/(?:blob|tree)|raw\.githubusercontent\.com\/n8n-nodes-calltouch\/n8n-nodes-calltouch)\/main\//;
const ISSUE_FORM = /\/issues\/new\?template=/;
const DOCUMENTS = ['README', 'AGENTS', 'CONTRIBUTING', 'SECURITY', 'CHANGELOG']
	.map((name) => `${name}.md`)
	.concat(['docs', 'examples'].flatMap((folder) => listFiles(folder, '.md')));

/** The anchors that GitHub creates for a page's headings. */
function anchorsOf(file: string): string[] {
	return linesOf(readFile(file)).flatMap((line) => {
		const heading = /^#+ (.*)$/.exec(line)?.[1];
		if (!heading) return [];
		return heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N}_ -]/gu, '')
			.replace(/ /g, '-');
	});
}

/** The target of a link if it is in this project; undefined for an external link. */
function targetOf(file: string, link: string): { path: string; anchor: string } | undefined {
	const [address = '', anchor = ''] = link.split('#');
	if (address === '') return { path: file, anchor };
	if (ISSUE_FORM.test(address))
		return { path: `.github/ISSUE_TEMPLATE/${address.split(ISSUE_FORM)[1]}`, anchor };
	if (OWN_ADDRESS.test(address)) return { path: address.replace(OWN_ADDRESS, ''), anchor };
	if (/^\w+:/.test(address)) return undefined;
	const parts = [...file.split('/').slice(0, -1), ...address.split('/')];
	const path = parts.reduce<string[]>(
		(folders, part) => (part === '..' ? folders.slice(0, -1) : [...folders, part]),
		[],
	);
	return { path: path.join('/'), anchor };
}

describe.each(DOCUMENTS)('The page %s', (file) => {
	const text = linesOf(readFile(file))
		.join('\n')
		.replace(/`[^`]*`/g, '``');
	const links = [...text.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)].map(
		([, inline, defined = '']) => inline ?? defined,
	);

	it('has no broken link, picture or anchor', () => {
		const broken = links.filter((link) => {
			const target = targetOf(file, link);
			if (!target) return false;
			if (!exists(target.path)) return true;
			return target.anchor !== '' && !anchorsOf(target.path).includes(decodeURI(target.anchor));
		});
		expect(broken).toEqual([]);
	});

	it('defines each reference link that it uses, and uses each reference link that it defines', () => {
		const used = [...text.matchAll(/\]\[([^\]]+)\]/g)].map(([, name]) => name);
		const defined = [...text.matchAll(/^\[([^\]]+)\]: /gm)].map(([, name]) => name);
		expect([...new Set(used)].sort()).toEqual(defined.sort());
	});
});

/** The example workflows that n8n can import from a page's links, as paths in this project. */
function importedBy(page: string): string[] {
	return [...page.matchAll(/(https:\/\/raw\.[^)\s]+\.json)/g)].map(([, link = '']) =>
		link.replace(OWN_ADDRESS, ''),
	);
}

describe.each(['examples/README.md', 'docs/ru/examples.md'])('The page %s', (name) => {
	it('links to each example with a URL from which n8n can import the workflow', () => {
		const examples = listFiles('examples', '.json');
		expect(importedBy(readFile(name)).sort()).toEqual(examples.sort());
	});
});

describe.each([
	['README.md', ENGLISH],
	['docs/ru/README.md', RUSSIAN],
])('The page %s', (_name, page) => {
	it('links to recipes with URLs from which n8n can import the workflows', () => {
		const examples = listFiles('examples', '.json');
		expect(importedBy(page).length).toBeGreaterThanOrEqual(6);
		expect(examples).toEqual(expect.arrayContaining(importedBy(page)));
	});

	it('has a table row for each operation', () => {
		const rows = tableRows(page).map(([first = '']) => first.trim());
		const titles = new Set(allFields().map(([operation]) => operation));
		const missing = [...titles].filter(
			(title) => !rows.includes(title) && !rows.includes(title.split(': ').pop() ?? ''),
		);
		expect(missing).toEqual([]);
	});

	it.each(['e2e', 'e2e/middle', 'e2e/old'])(
		'names the n8n version that is tested in %s',
		(folder) => {
			const { dependencies } = JSON.parse(readFile(`${folder}/package.json`)) as {
				dependencies: Record<string, string>;
			};
			expect(page.replace(/\s+/g, ' ')).toContain(`${dependencies.n8n} (Node `);
		},
	);

	it('has at most 150 lines, table cells of at most 200 characters and no long inline URLs', () => {
		expect(page.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
		const cells = tableRows(page).flatMap((row) => row.map((cell) => cell.trim().length));
		expect(Math.max(...cells)).toBeLessThanOrEqual(200);
		const inline = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link.length);
		expect(Math.max(...inline)).toBeLessThan(100);
	});
});

describe('The page about messages', () => {
	const source = ['nodes', 'credentials']
		.flatMap((folder) => listFiles(folder, '.ts'))
		.map(readFile)
		.join('\n')
		.replace(/\\'/g, "'");
	const listed = tableRows(readFile('docs/messages.md')).flatMap(([cell = '']) => codeIn(cell));
	/** The parts of a message that vary, such as a field name, a number or an example. */
	const VARYING =
		/'Budget': .*|'[A-Z][^']*'|…|\(HTTP \d+\)|(?<=that|show|has) (?=an|the)|(?<=different) (?=sum)|\border\b/;

	it.each(listed)('lists only messages that are in the code: %s', (message = '') => {
		const fixed = message.split(VARYING).map((part) => part.trim());
		const missing = fixed.filter((part) => part.includes(' ') && !source.includes(part));
		expect(missing).toEqual([]);
	});
});
