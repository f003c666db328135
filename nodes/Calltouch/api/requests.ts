import { canonical } from '../values/characters';
import { overlap, type DateRange } from '../values/dateRange';
import { isBlank, quoted } from '../values/field';
import { sentDateMs } from '../values/sentDate';
import { isRecordId, objectOrNull, textOrNull } from '../values/record';
import { SENT_AT_MS, SITE_ID, type Endpoint, type LookUp } from './endpoint';
import { daysToRead, pageRequest, readRequests, type ReadEndpoint } from './reading';
import { valueOf, type ApiResponse, type Parameter } from './request';
import { hasContact } from './requestRecord';
import { successContent } from './successContent';

/** Allows for inaccurate clocks, and for the time that a request takes. */
const TOLERANCE_MS = 60 * 60 * 1000;

/** Reads the web form requests in a range of days; accepts only a complete response. */
const readAllRequests: ReadEndpoint = {
	...readRequests,
	parseResponse: (body, parameters) => {
		const response = readRequests.parseResponse(body, parameters);
		return response && isComplete(response) ? response : undefined;
	},
};

/** Finds a new web form request by its number, among the requests from its possible dates. */
const newRequestLookUp: LookUp = {
	key: 'requestNumber',
	identifying: [
		...['requestNumber', 'phoneNumber', 'email', 'fio', 'requestDate'],
		...[SITE_ID, SENT_AT_MS],
	],
	requests: (sent, zone) => {
		const siteId = valueOf(sent, SITE_ID);
		if (siteId === undefined || valueOf(sent, 'requestNumber') === undefined) return [];
		return timesOf(sent, zone)
			.flatMap((range) => daysToRead(readAllRequests, range, zone))
			.map((days) => pageRequest(readAllRequests, { siteId, days, page: undefined, include: [] }));
	},
	read: ({ records }, sent, zone) => {
		const number = canonical(valueOf(sent, 'requestNumber') ?? '');
		const ofNumber = (records as ApiResponse[]).filter(
			({ requestNumber }) => canonical(textOrNull(requestNumber) ?? '') === number,
		);
		const same = ofNumber.find((record) => isSameRequest(record, sent, zone));
		return same ?? (ofNumber.length > 0 ? 'other' : undefined);
	},
	target: (sent) => `a web form request with the number ${quoted(valueOf(sent, 'requestNumber'))}`,
	isRejectedIfMissing: false,
	otherRecord: {
		compared: 'phone number, email, name or date',
		advice: "Use another 'Web Form Request Number' for this item.",
	},
	impossible:
		"The web form request has no 'Web Form Request Number', so the node can't check whether it exists.",
	withoutRetry:
		'If n8n offers no retry, wait a minute, look for the web form request in Calltouch, and send it again only if it is missing.',
};

/** Creates a web form request (docs/calltouch-api.md, Create a request). Needs no token. */
export const createRequest: Endpoint = {
	name: 'requests/register',
	path: '/calls-service/RestAPI/requests/{siteId}/register/',
	httpMethod: 'POST',
	encoding: 'form',
	token: 'none',
	isIdempotent: false,
	action: 'create the web form request',
	result: 'the web form request was created',
	record: 'web form request',
	volatile: ['requestDate'],
	parseResponse: (body) => {
		const response = objectOrNull(successContent(body));
		return response && isCreated(response) ? response : undefined;
	},
	isDoneWhenNotFound: false,
	lookUp: newRequestLookUp,
	advice: {
		rejected:
			"Check the values in this item. Calltouch may reject a 'Web Form Request Number' that is already in use, or an unknown 'Session ID'.",
		notFound:
			"Check 'Site ID' in the credential or under 'Options', and 'Base URL' in the credential.",
		unknown:
			'The web form request may or may not have been created. To avoid a duplicate, search Calltouch for a request with the same form name and the same phone number, email or name before you send it again.',
		changed: 'change those web form requests in Calltouch.',
		denied: "Check 'Site ID' in the credential or under 'Options'.",
	},
};

/** Even with HTTP 200, the response can contain a message with the reason for a failure. */
function isCreated({ requestId, message, errorMessage }: ApiResponse): boolean {
	return isRecordId(requestId) && isBlank(message) && isBlank(errorMessage);
}

/** Whether a record is the request that was sent: another lead may have the same number. */
function isSameRequest(record: ApiResponse, sent: readonly Parameter[], zone: string): boolean {
	const [phoneNumber, email, fio] = ['phoneNumber', 'email', 'fio'].map((name) =>
		valueOf(sent, name),
	);
	const time = readRequests.time(record, zone);
	const isDatedOtherwise = time && !timesOf(sent, zone).some((sentTime) => overlap(time, sentTime));
	return !isDatedOtherwise && hasContact(record, { phoneNumber, email, fio });
}

/** The possible dates of the record: the date that was sent, or the time of the request. */
function timesOf(sent: readonly Parameter[], zone: string): DateRange[] {
	const date = valueOf(sent, 'requestDate');
	const sentAtMs = Number(valueOf(sent, SENT_AT_MS));
	const times = date === undefined ? [sentAtMs] : [sentDateMs(date, zone), sentAtMs];
	return times.map((ms) => ({ fromMs: ms - TOLERANCE_MS, toMs: ms + TOLERANCE_MS }));
}

/** Whether the response is complete: it has one page, and as many records as Calltouch counts. */
function isComplete({ records, pages = 1, total = 0 }: ApiResponse): boolean {
	return Number(pages) === 1 && Number(total) <= (records as ApiResponse[]).length;
}
