// @ts-check
// Checks that a tag may be published: it is the version of the package, and the changelog has a dated entry for it.
const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');

/**
 * What is wrong with a release, in sentences; nothing when it may go out.
 *
 * @param {string} tag
 * @param {string} version of the package
 * @param {string} changelog
 */
function releaseFaults(tag, version, changelog) {
	const faults = [];
	if (tag !== `v${version}`) {
		faults.push(
			`The tag is ${tag}, but package.json says ${version}: the tag must be v${version}.`,
		);
	}
	const heading = changelog
		.split('\n')
		.find((line) => line.startsWith(`## ${version} `) || line === `## ${version}`);
	if (!heading) {
		faults.push(`CHANGELOG.md has no entry for ${version}.`);
	} else if (!/ \(\d{4}-\d{2}-\d{2}\)$/.test(heading)) {
		faults.push(`The entry for ${version} in CHANGELOG.md has no date, such as (2026-11-24).`);
	}
	return faults;
}

if (require.main === module) {
	const { version } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
	const changelog = fs.readFileSync(path.join(ROOT, 'CHANGELOG.md'), 'utf8');
	const faults = releaseFaults(process.argv[2] ?? '', version, changelog);
	faults.forEach((fault) => console.error(fault));
	process.exitCode = faults.length === 0 ? 0 : 1;
}

module.exports = { releaseFaults };
