import type { INodeExecutionData, INodeType } from 'n8n-workflow';

import type { WorkflowFile } from '../../tools/engine';

const AGAIN_TYPE = 'test.again';

/** The workflow with the node's error output connected back to the node through 'Again'. */
export function withErrorLoop(file: WorkflowFile): WorkflowFile {
	const again = {
		id: '3',
		name: 'Again',
		type: AGAIN_TYPE,
		typeVersion: 1,
		position: [200, 400] as [number, number],
		parameters: {},
	};
	return {
		...file,
		nodes: [...file.nodes, again],
		connections: {
			...file.connections,
			Calltouch: { main: [[], [{ node: 'Again', type: 'main', index: 0 }]] },
			Again: { main: [[{ node: 'Calltouch', type: 'main', index: 0 }]] },
		},
	};
}

/**
 * The type of the 'Again' node, which returns the failed items.
 *
 * @param goesOn called before each round except the first; `false` ends the loop
 */
export function againTypes(goesOn: () => boolean): Record<string, INodeType> {
	return {
		[AGAIN_TYPE]: {
			description: {
				displayName: 'Again',
				name: 'again',
				group: ['transform'],
				version: 1,
				description: '',
				defaults: {},
				inputs: ['main'],
				outputs: ['main'],
				properties: [],
			},
			async execute() {
				if (!goesOn()) return [[]];
				const items = this.getInputData().map(({ json }, item): INodeExecutionData => {
					const given = Object.entries(json).filter(([name]) => name !== 'error');
					return { json: Object.fromEntries(given), pairedItem: { item } };
				});
				return [items];
			},
		},
	};
}
