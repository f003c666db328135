import { readOrders } from '../../api/reading';
import { calltouchId, identifier } from '../../values/identifier';
import { sameAs } from '../getMany/filter';
import { getAllOperation } from '../getMany/getManyOperation';

/** Reads orders. */
export const getAll = getAllOperation({
	endpoint: readOrders,
	texts: {
		action: 'Get many orders',
		description: 'Find orders by time, order ID or order number',
	},
	notice:
		'The node returns orders exactly as Calltouch sends them, because Calltouch does not document the fields of an order.',
	filters: [
		{
			property: {
				displayName: 'Order ID',
				name: 'orderId',
				type: 'string',
				default: '',
				placeholder: 'e.g. 7811141',
				description: 'ID of the order in Calltouch',
			},
			matching: sameAs(calltouchId, ({ orderId }) => [orderId]),
		},
		{
			property: {
				displayName: 'Order Number',
				name: 'orderNumber',
				type: 'string',
				default: '',
				placeholder: 'e.g. CRM-10025431',
				description: "The order's number in your CRM",
			},
			matching: sameAs(identifier, ({ orderNumber }) => [orderNumber]),
		},
	],
	include: { comments: 'Comments', contacts: 'Contacts', tags: 'Tags' },
});
