import { readOrder } from '../../api/orders';
import type { Operation } from '../operation';
import { OPTIONS, SIMPLIFY } from '../options';
import { ONE_OR_BOTH, oneOrBoth, orderName } from './identifiers';
import { updatedOrderOutput } from './output';

const ASSUMPTIONS =
	'https://github.com/n8n-nodes-calltouch/n8n-nodes-calltouch/blob/main/docs/assumptions.md';

/** Reads one order. */
export const get: Operation = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get order',
		description: 'Get an order and its traffic source by order ID or order number',
	},
	properties: [
		{
			displayName: `Calltouch has no method to read an order, so the node sends an update that contains only the order's ID or number and changes nothing. Calltouch's documentation suggests that such an update is harmless, but this is <a href="${ASSUMPTIONS}">an assumption</a>.`,
			name: 'getNotice',
			type: 'notice',
			default: '',
		},
		...ONE_OR_BOTH,
		SIMPLIFY,
		OPTIONS,
	],
	itemName: orderName,
	plan: (fields, { zones }) => {
		const request = { endpoint: readOrder, parameters: oneOrBoth(fields) };
		const toOutput = updatedOrderOutput(fields, zones);
		return {
			kind: 'read',
			read: async (ask) => [toOutput(await ask(request, { mayBeNotFound: false, nthReading: 1 }))],
		};
	},
};
