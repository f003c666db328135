import { releaseFaults } from '../../tools/checkRelease';

const CHANGELOG = '# Changelog\n\n## 0.2.0 (2026-12-01)\n\n- x\n\n## 0.1.0 (unreleased)\n';

describe('Tag', () => {
	it('a tag is published if it matches the version and the changelog has its entry', () => {
		expect(releaseFaults('v0.2.0', '0.2.0', CHANGELOG)).toEqual([]);
	});

	it.each([
		['v0.2.1', '0.2.0', /the tag must be v0\.2\.0/],
		['0.2.0', '0.2.0', /the tag must be v0\.2\.0/],
		['v0.3.0', '0.3.0', /no entry for 0\.3\.0/],
		['v0.2', '0.2', /no entry for 0\.2/],
		['v0.1.0', '0.1.0', /has no date/],
	])('%s is not published for version %s', (tag, version, why) => {
		expect(releaseFaults(tag, version, CHANGELOG).join(' ')).toMatch(why);
	});
});
