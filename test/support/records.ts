import type { IDataObject } from 'n8n-workflow';

import { DEFAULT_SITE_ID, type Received } from '../../simulator/server';
import { run, type Execution, type Simulator } from './calltouch';

/** The site of the simulator, for the credential. */
export const SITE = { siteId: DEFAULT_SITE_ID };
/** A moment within the range of `CALLS`. */
export const NOON_MS = Date.parse('2026-11-21T12:00:00+03:00');
/** The parameters of Get Many for a day's calls. */
export const CALLS = {
	resource: 'call',
	operation: 'getAll',
	from: '2026-11-21T00:00:00+03:00',
	to: '2026-11-21T23:59:59+03:00',
};
export const REQUESTS = { ...CALLS, resource: 'request' };
export const ORDERS = { ...CALLS, resource: 'order' };
/** A call as Calltouch returns it. */
export const callAt = (callId: number, ms: number, changed: IDataObject = {}): IDataObject => ({
	callId,
	timestamp: Math.floor(ms / 1000),
	callerNumber: '79205550055',
	phoneNumber: '74950000003',
	duration: 42,
	successful: true,
	uniqueCall: true,
	targetCall: true,
	uniqTargetCall: true,
	source: 'yandex',
	medium: 'cpc',
	utmCampaign: '<не указано>',
	callReferenceId: '00000000-0000-0000-0000-000000000001',
	...changed,
});

/** A call at noon. */
export const call = (callId: number, changed: IDataObject = {}) => callAt(callId, NOON_MS, changed);

/** A web form request as Calltouch returns it. */
export const requestAt = (
	requestId: number,
	ms: number,
	changed: IDataObject = {},
): IDataObject => ({
	requestId,
	requestNumber: String(requestId),
	date: ms,
	subject: 'Form',
	client: {
		fio: 'Иван',
		phones: [{ phoneNumber: '79205550055', phoneType: 'OTHER' }],
		contacts: [
			{ contactType: 'TELEGRAM', contactValue: '@ivan' },
			{ contactType: 'EMAIL', contactValue: 'Ivan@Example.com' },
		],
	},
	session: { source: '(not set)', medium: 'cpc', utmCampaign: 'spring' },
	...changed,
});

/** Responds to each request with this function's result. */
export function respondWith(simulator: Simulator, answer: (r: Received) => unknown, status = 200) {
	simulator.setIntercept((request, response) => {
		const body = answer(request);
		response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
		return true;
	});
}
/** Responds with pages that each contain `size` of these records. */
export function respondWithPages(simulator: Simulator, records: IDataObject[], size = 1000) {
	respondWith(simulator, ({ parameters }) => {
		const page = Number(parameters.get('page'));
		return {
			page,
			pageTotal: Math.ceil(records.length / size),
			pageSize: size,
			recordsTotal: records.length,
			records: records.slice((page - 1) * size, page * size),
		};
	});
}

/** Runs Get Many with the simulator's site in the credential. */
export const get = async (
	simulator: Simulator,
	parameters: IDataObject,
	more: Partial<Execution> = {},
) =>
	await run(simulator, {
		parameters: parameters as Execution['parameters'],
		credential: SITE,
		...more,
	});
/** The IDs of the records in these items. */
export const ids = (items: Array<{ json: IDataObject }>) =>
	items.map(({ json }) => json.callId ?? json.requestId ?? json.orderId);
