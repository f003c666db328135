import type { NodeExecutionHint } from 'n8n-workflow';

/** What there is to tell of a run besides its items. */
export interface RunNotes {
	/** The longest time that a request waited for its turn, in milliseconds. */
	longestWaitMs: number;
	/** Whether refusals by Calltouch have slowed the run down. */
	wasSlowedDown: boolean;
	/** Items that an earlier try of the execution had sent. */
	remembered: number;
	/** Those of them that were new orders and have other values now. */
	changed: number;
}

/** Waiting that is worth a word. */
const WORTH_TELLING_MS = 3_000;

/** The hints for a run, at most one of each kind: waited, slowed down, remembered. */
export function executionHints(notes: RunNotes): NodeExecutionHint[] {
	const messages: string[] = [];
	if (notes.longestWaitMs >= WORTH_TELLING_MS) {
		const seconds = Math.round(notes.longestWaitMs / 1000);
		messages.push(`Waited ${seconds} s to keep to Calltouch's limit of 5 requests a second.`);
	}
	if (notes.wasSlowedDown) {
		messages.push(
			'Slowed down because Calltouch refused requests: another program or n8n worker shares the IP address.',
		);
	}
	if (notes.remembered > 0) messages.push(rememberedItems(notes));
	return messages.map((message) => ({ message, location: 'outputPane', type: 'info' }));
}

function rememberedItems({ remembered, changed }: RunNotes): string {
	const sent = `${remembered} of the items had gone through in an earlier try of this execution and were not sent again.`;
	return changed === 0
		? sent
		: `${sent} ${changed} of them have other values now. A new order is not sent twice: change it with the operation Update.`;
}
