declare module '@n8n/node-engine-compatibility' {
	/** A workflow in the shape that Engine 2.0 runs. */
	interface Graph {
		nodes: Array<{ id: string; name: string }>;
		edges: Array<{ from: string; to: string; outputIndex?: number; inputIndex?: number }>;
	}

	/** Turns a workflow of n8n's into a graph, as far as it is used here. */
	export class V1WorkflowConverter {
		convert(workflow: object, trigger: string): Graph;
	}

	/** Runs one node of a graph, as far as it is used here. */
	export class V1StepExecutor {
		constructor(options: object);
		execute(step: object): Promise<{ outputs: unknown }>;
	}
}
