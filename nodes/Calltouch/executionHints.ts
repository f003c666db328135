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

/** The hints for a run, at most one of each kind. */
export function executionHints(notes: RunNotes): NodeExecutionHint[] {
	const messages = [
		notes.longestWaitMs >= WORTH_TELLING_MS &&
			`Waited ${Math.round(notes.longestWaitMs / 1000)} s to keep to Calltouch's limit of 5 requests a second.`,
		notes.wasSlowedDown &&
			'Slowed down because Calltouch refused requests: another program or n8n worker shares the IP address.',
		notes.remembered > 0 &&
			`${notes.remembered} of the items had gone through in an earlier try of this execution and were not sent again.`,
		notes.changed > 0 &&
			`${notes.changed} of them have other values now. A new order is not sent twice: change it with the operation Update.`,
	];
	// The last two are about the same thing and make one hint.
	const [waited, slowedDown, remembered, changed] = messages.map((message) => message || '');
	return [waited, slowedDown, [remembered, changed].join(' ').trim()]
		.filter((message) => message !== '' && message !== undefined)
		.map((message) => ({ message: String(message), location: 'outputPane', type: 'info' }));
}
