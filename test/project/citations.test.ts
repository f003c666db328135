import { listFiles, readFile } from '../support/files';

const DOCUMENT = 'docs/calltouch-api.md';
const sections = [...readFile(DOCUMENT).matchAll(/^#+ (.+)$/gm)].map(([, title]) => title);

/** The sections of the document that comments in the code cite. */
const cited = ['nodes', 'credentials']
	.flatMap((folder) => listFiles(folder, '.ts'))
	.flatMap((file) => [...readFile(file).matchAll(/calltouch-api\.md`?,\s+(?:\* )?([^).]+)/g)])
	.map(([, section]) => section);

describe(`Comments that cite ${DOCUMENT}`, () => {
	it('name only existing sections', () => {
		expect(cited.length).toBeGreaterThan(0);
		expect(sections).toEqual(expect.arrayContaining(cited));
	});
});
