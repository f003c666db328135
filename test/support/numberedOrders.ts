import { NEW_ORDER } from './calltouch';

/** Node settings that make n8n run the node up to three times without a pause. */
export const RETRY_ON_FAIL = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
/** Node settings with which the node continues after errors. */
export const CONTINUE = { onError: 'continueRegularOutput' as const };

/** The parameters of Create, with the number, the status and the sum of the item. */
export const CREATE = {
	...NEW_ORDER,
	orderNumber: '={{ $json.number }}',
	orderStatus: '={{ $json.status }}',
	orderSum: '={{ $json.sum }}',
};
/** The parameters of Create or Update, with the same values. */
export const UPSERT = { ...CREATE, operation: 'upsert' };
/** The parameters of Update for the status. */
export const UPDATE = {
	operation: 'update',
	orderNumber: '={{ $json.number }}',
	updateFields: { status: '={{ $json.status }}' },
};

/** An item for these parameters, and the item for the same deal in its final state. */
export const DEAL = { number: 'deal-1001', status: 'new', sum: 1000 };
export const WON = { ...DEAL, status: 'won' };
