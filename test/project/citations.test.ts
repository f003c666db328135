import { listFiles, readFile } from '../support/files';

const DOCUMENT = 'docs/calltouch-api.md';
const sections = [...readFile(DOCUMENT).matchAll(/^#+ (.+)$/gm)].map(([, title]) => title);

/** What the code cites: the sections of the document that its comments name. */
const cited = ['nodes', 'credentials']
	.flatMap((folder) => listFiles(folder, '.ts'))
	.flatMap((file) => [...readFile(file).matchAll(/calltouch-api\.md`?,\s+(?:\* )?([^).]+)/g)])
	.map(([, section]) => section);

describe(`comments that cite ${DOCUMENT}`, () => {
	it('name sections that it has', () => {
		expect(cited.length).toBeGreaterThan(0);
		expect(sections).toEqual(expect.arrayContaining(cited));
	});
});
