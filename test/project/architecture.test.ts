import * as ts from 'typescript';

import { listFiles, readFile } from '../support/files';

/** The layers from top to bottom. A layer can import only layers in the rows below it. */
const LAYERS = [
	['node', 'credentials'],
	['methods'],
	['execution', 'trigger'],
	['exactlyOnce'],
	['actions', 'transport'],
	['api', 'credential'],
	['values', 'rateLimit'],
];
const KNOWN_TO_CREDENTIALS = ['credential', 'values', 'rateLimit'];
const PROVIDED_BY_N8N = ['n8n-workflow', 'luxon'];
/** All names that code can use to send a request, from n8n's helpers to declarative routing. */
const SENDS =
	/^(httpRequest\w*|request(WithAuthentication\w*|OAuth\d|Defaults)|fetch|axios|XMLHttpRequest|WebSocket|EventSource|routing)$/;
const NOT_ALLOWED_BY_N8N =
	/^((set|clear)(Timeout|Interval|Immediate)|process|global|globalThis|require|module|__dirname|__filename|console|eval)$/;

const FILES = ['nodes', 'credentials'].flatMap((folder) => listFiles(folder, '.ts'));

interface Import {
	from: string;
	/** The path of the file or the name of the package. */
	to: string;
}

/** All imports of a file, including imports of types. */
function importsOf(from: string): Import[] {
	return ts.preProcessFile(readFile(from), true, true).importedFiles.map(({ fileName }) => {
		if (!fileName.startsWith('.')) return { from, to: fileName };
		const path = new URL(fileName, `file:///${from}`).pathname.slice(1);
		return {
			from,
			to: [`${path}.ts`, `${path}/index.ts`].find((to) => FILES.includes(to)) ?? path,
		};
	});
}

/** The identifiers and string literals in a file's code, without comments. */
function wordsOf(file: string): string[] {
	const words: string[] = [];
	const visit = (node: ts.Node) => {
		if (ts.isIdentifier(node) || ts.isStringLiteralLike(node)) words.push(node.text);
		ts.forEachChild(node, visit);
	};
	visit(ts.createSourceFile(file, readFile(file), ts.ScriptTarget.Latest));
	return words;
}

const filesWith = (word: RegExp) =>
	FILES.filter((file) => wordsOf(file).some((text) => word.test(text)));

/** The layer that a file of the package belongs to; undefined for any other import. */
function layerOf(file: string): string | undefined {
	if (!FILES.includes(file)) return undefined;
	const [folder, , layer = '', rest] = file.split('/');
	if (folder === 'credentials') return folder;
	return rest === undefined ? 'node' : layer;
}

/** The row of a file's layer, counted from the top; -1 for packages. */
const rowOf = (file: string) => LAYERS.findIndex((row) => row.includes(layerOf(file) ?? ''));

const imports = FILES.flatMap(importsOf);

/** Each import that leads back to its own file, directly or indirectly. */
function inCircles(): Import[] {
	const reaches = (from: string, target: string, seen = new Set<string>()): boolean =>
		imports.some(({ from: file, to }) => {
			if (file !== from || seen.has(to)) return false;
			seen.add(to);
			return to === target || reaches(to, target, seen);
		});
	return imports.filter(({ from, to }) => to === from || reaches(to, from));
}

describe('In the architecture,', () => {
	it('each file belongs to a layer', () => {
		const layers = FILES.map(layerOf).filter((layer) => layer !== undefined);
		expect([...new Set(layers)].sort()).toEqual(LAYERS.flat().sort());
	});

	it('no layer imports a layer above it', () => {
		expect(imports.filter(({ from, to }) => rowOf(to) >= 0 && rowOf(to) < rowOf(from))).toEqual([]);
	});

	it('layers in the same row, such as actions and transport, do not import each other', () => {
		const isSideways = ({ from, to }: Import) =>
			rowOf(from) === rowOf(to) && layerOf(from) !== layerOf(to);
		expect(imports.filter(isSideways)).toEqual([]);
	});

	it('credentials/ imports only credential/, values/ and rateLimit/ from the node', () => {
		const known = imports
			.filter(({ from, to }) => layerOf(from) === 'credentials' && rowOf(to) >= 0)
			.map(({ to }) => layerOf(to));
		expect(KNOWN_TO_CREDENTIALS).toEqual(expect.arrayContaining(known));
	});

	it('no import is circular, not even an import of types', () => {
		expect(inCircles()).toEqual([]);
	});

	it('only sendOnce.ts sends requests', () => {
		expect(filesWith(SENDS)).toEqual(['nodes/Calltouch/transport/sendOnce.ts']);
	});

	it("only two files use n8n's helpers, one of them to store files", () => {
		expect(filesWith(/^helpers$/)).toEqual([
			'nodes/Calltouch/execution/storeFile.ts',
			'nodes/Calltouch/transport/sendOnce.ts',
		]);
	});

	it('shipped code imports only its own files, n8n-workflow and luxon', () => {
		const allowed = [...FILES, ...PROVIDED_BY_N8N];
		expect(imports.filter(({ to }) => !allowed.includes(to))).toEqual([]);
	});

	it('shipped code does not use timers, process or anything else that n8n forbids', () => {
		expect(filesWith(NOT_ALLOWED_BY_N8N)).toEqual([]);
	});
});
