import { PackageDirectoryLoader } from 'n8n-core';
import type { INodeTypeDescription } from 'n8n-workflow';

import packageJson from '../../package.json';
import { unpackPackage } from '../../tools/packed';
import { RESOURCES } from '../../nodes/Calltouch/actions';
import '../../tools/engine';

type Packed = ReturnType<typeof unpackPackage>;

let packed: Packed;
let loader: PackageDirectoryLoader;
beforeAll(async () => {
	packed = unpackPackage();
	loader = new PackageDirectoryLoader(packed.folder);
	await loader.loadAll();
});
afterAll(() => packed.remove());

describe('The packed package', () => {
	it('contains only files that n8n needs, and is small', () => {
		const expected = [
			'LICENSE.md',
			'README.md',
			'dist/credentials/CalltouchApi.credentials.js',
			'dist/icons/calltouch.dark.svg',
			'dist/icons/calltouch.svg',
			'dist/nodes/Calltouch/Calltouch.node.js',
			'dist/nodes/Calltouch/Calltouch.node.json',
			'dist/nodes/Calltouch/CalltouchTrigger.node.js',
			'dist/nodes/Calltouch/CalltouchTrigger.node.json',
			'dist/nodes/Calltouch/__schema__/v1.0.0.json',
			...RESOURCES.flatMap(({ option: resource, operations }) =>
				operations.map(
					({ option }) =>
						`dist/nodes/Calltouch/__schema__/v1.0.0/${resource.value}/${option.value}.json`,
				),
			),
			'index.js',
			'package.json',
		];
		expect(packed.files).toEqual(expect.arrayContaining(expected));
		const others = packed.files.filter((file) => !expected.includes(file));
		expect(others.filter((file) => !/^dist\/nodes\/Calltouch\/.+\.js$/.test(file))).toEqual([]);
		expect(packed.bytes).toBeLessThan(160_000);
	});

	it('has no runtime dependencies', () => {
		expect(packageJson).not.toHaveProperty('dependencies');
		expect(packageJson.peerDependencies).toEqual({ 'n8n-workflow': '*' });
	});

	it('loads in n8n with the names, icons and codex of the nodes and the credential', () => {
		expect(Object.keys(loader.nodeTypes)).toEqual(['calltouch', 'calltouchTrigger']);
		expect(Object.keys(loader.credentialTypes)).toEqual(['calltouchApi']);
		const node = loader.nodeTypes.calltouch?.type.description as INodeTypeDescription;
		expect(node.iconUrl).toEqual({
			light: 'icons/n8n-nodes-calltouch/dist/icons/calltouch.svg',
			dark: 'icons/n8n-nodes-calltouch/dist/icons/calltouch.dark.svg',
		});
		expect(node.codex?.alias).toContain('call tracking');
		expect(node.usableAsTool).toBe(true);
		const trigger = loader.nodeTypes.calltouchTrigger?.type.description as INodeTypeDescription;
		expect(trigger.iconUrl).toEqual(node.iconUrl);
		expect(trigger.codex?.alias).toContain('webhook');
		expect(trigger.usableAsTool).toBeUndefined();
		const credential = loader.credentialTypes.calltouchApi?.type;
		expect(credential?.iconUrl).toEqual(node.iconUrl);
		expect(credential?.supportedNodes).toEqual(['calltouch', 'calltouchTrigger']);
	});
});
