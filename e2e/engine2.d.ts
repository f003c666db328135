declare module '@n8n/node-engine-compatibility' {
	/** A workflow in the format of Engine 2.0. */
	interface Graph {
		nodes: Array<{ id: string; name: string }>;
		edges: Array<{ from: string; to: string; outputIndex?: number; inputIndex?: number }>;
	}

	/** Converts a workflow into a graph. Declares only the parts that are used here. */
	export class V1WorkflowConverter {
		convert(workflow: object, trigger: string): Graph;
	}

	/** Runs one node of a graph. Declares only the parts that are used here. */
	export class V1StepExecutor {
		constructor(options: object);
		execute(step: object): Promise<{ outputs: unknown }>;
	}
}
