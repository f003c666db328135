// @ts-check
// The paths of Calltouch's API, as listed in docs/calltouch-api.md.

const BASE = '/calls-service/RestAPI';
const ORDERS_2 = '/lead-service/v1/api/client-order';

module.exports = {
	REGISTER: `${BASE}/orders/register/`,
	UPDATE: `${BASE}/orders/update-by-id/`,
	DELETE: `${BASE}/orders/delete-by-id/`,
	CALLS: `${BASE}/{siteId}/calls-diary/calls`,
	RECORDING: `${BASE}/{siteId}/calls-diary/calls/{callId}/download`,
	REQUESTS: `${BASE}/requests/`,
	ORDERS: `${BASE}/{siteId}/orders-diary/orders`,
	CREATE_2: `${ORDERS_2}/create`,
	UPDATE_2: `${ORDERS_2}/update`,
	DELETE_2: `${ORDERS_2}/delete`,
};
