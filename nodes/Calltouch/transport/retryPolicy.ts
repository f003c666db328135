import type { OrderMethod } from '../api/request';
import type { Trouble } from './classifyResponse';

/** What follows when a request did not go through. */
export type Reaction =
	/** Send it again, until the item has been held up for as long as it may be. */
	| 'again'
	/** Send it again, a few times: it does no harm if it was carried out before. */
	| 'again a few times'
	/** Never send it again; see whether the order is there. */
	| 'look up'
	| 'fail';

/**
 * The retry policy, whole. A new order is never sent again when it may have been created: it would be there twice. An update
 * with the same values, and a deletion, leave the same order behind however often they are carried out.
 */
export const REACTIONS: Record<Trouble, Record<OrderMethod, Reaction>> = {
	refused: { register: 'again', 'update-by-id': 'again', 'delete-by-id': 'again' },
	undelivered: { register: 'again', 'update-by-id': 'again', 'delete-by-id': 'again' },
	ambiguous: {
		register: 'look up',
		'update-by-id': 'again a few times',
		'delete-by-id': 'again a few times',
	},
	unclear: { register: 'look up', 'update-by-id': 'fail', 'delete-by-id': 'fail' },
	failed: { register: 'fail', 'update-by-id': 'fail', 'delete-by-id': 'fail' },
};

/** How often 'again a few times' sends a request, the first time included. */
export const MOST_TRIES = 3;
