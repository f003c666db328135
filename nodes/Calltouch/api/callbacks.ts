import type { IDataObject } from 'n8n-workflow';

import { isRecordId, objectOrNull } from '../values/record';
import type { Endpoint } from './endpoint';
import { valueOf, type Parameter } from './request';
import { apiErrorCode, extractErrorMessage } from './responseBody';
import { successContent } from './successContent';

const TEXTS = [
	'routeKey',
	'sessionId',
	'callUrl',
	...['utmSource', 'utmMedium', 'utmCampaign', 'utmContent', 'utmTerm'],
];
const FORM_FIELD = 'formFields.';
const TAG = 'tag';

/** Advice for Calltouch's error codes (docs/calltouch-api.md, Create a callback). */
const ADVICE_BY_CODE = new Map([
	[
		'10003',
		"Check 'Widget Key'. In Calltouch, check that the callback service and the widget with this key are turned on.",
	],
	['10013', "Check 'Phone Number': Calltouch can't call this number."],
]);
/**
 * Matches the error for a number that was called only a moment ago; the error's code is not known.
 */
const TOO_SOON = /миним\p{L}* интервал|minim\w+ interval/iu;

/** Returns the parameter for a form field that the client filled in. */
export function formFieldParameter(name: string, value: string | undefined) {
	return [`${FORM_FIELD}${name}`, value] as const;
}

/** Returns the parameter for one tag. */
export function tagParameter(tag: string) {
	return [TAG, tag] as const;
}

/** Calls a client back (docs/calltouch-api.md, Create a callback). */
export const createCallback: Endpoint = {
	name: 'widget-request/create',
	path: '/widget-service/v1/api/widget-request/user-form/create',
	httpMethod: 'POST',
	encoding: 'json',
	toJson,
	token: 'header',
	isIdempotent: false,
	recipient: 'phoneNumber',
	action: 'create the callback',
	result: 'the callback was created',
	record: 'callback',
	volatile: [],
	parseResponse: (body) => {
		const response = objectOrNull(successContent(body));
		return response && isRecordId(objectOrNull(response.data)?.widgetRequestId)
			? response
			: undefined;
	},
	explain: (body) =>
		TOO_SOON.test(extractErrorMessage(body) ?? '')
			? 'Calltouch has just received a request to call this phone number. Before you try again, check whether the client was called.'
			: ADVICE_BY_CODE.get(apiErrorCode(body) ?? ''),
	isDoneWhenNotFound: false,
	advice: {
		rejected: 'Check the values in this item.',
		notFound: "Check 'Base URL' in the credential.",
		unknown:
			"The client's phone may have rung. Look for this phone number among the callbacks in Calltouch. If you don't find it there, call the client yourself. The node does not call this number again for 24 hours, and not at all in this execution.",
		changed: 'to call a client back again, start a new execution.',
	},
};

function toJson(parameters: readonly Parameter[]): IDataObject {
	const fields = parameters
		.filter(([name]) => name.startsWith(FORM_FIELD))
		.map(([name, value]) => ({ name: name.slice(FORM_FIELD.length), value }));
	const tags = parameters.filter(([name]) => name === TAG).map(([, tag]) => tag);
	const unitId = valueOf(parameters, 'unitId');
	return {
		...Object.fromEntries(parameters.filter(([name]) => TEXTS.includes(name))),
		phone: valueOf(parameters, 'phoneNumber'),
		...(fields.length > 0 ? { fields } : {}),
		...(tags.length > 0 ? { tags } : {}),
		...(unitId === undefined ? {} : { unitId: Number(unitId) }),
	};
}
