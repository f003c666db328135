import { readCalls } from '../../api/reading';
import { isoDateOrNull, recordText } from '../../values/record';
import { onlyWhere, samePhone } from '../getMany/filter';
import { getAllOperation, type GetAll } from '../getMany/getManyOperation';
import { included } from '../getMany/included';

/** The filters, details and output of Get Many for calls. */
export const calls = {
	endpoint: readCalls,
	texts: {
		action: 'Get many calls',
		description: 'Find calls by time, phone number and other properties',
	},
	filters: [
		{
			property: {
				displayName: 'Phone Number',
				name: 'phoneNumber',
				type: 'string',
				default: '',
				placeholder: 'e.g. +7 (920) 555-00-55',
				description:
					"The caller's phone number, in any format. The node compares only the last ten digits.",
			},
			matching: samePhone(({ callerNumber }) => [callerNumber]),
		},
		{
			property: {
				displayName: 'Successful Only',
				name: 'successfulOnly',
				type: 'boolean',
				default: true,
				description: 'Whether to return only calls that were answered',
			},
			matching: onlyWhere(({ successful }) => successful),
		},
		{
			property: {
				displayName: 'Target Only',
				name: 'targetOnly',
				type: 'boolean',
				default: true,
				description: 'Whether to return only target calls',
			},
			matching: onlyWhere(({ targetCall }) => targetCall),
		},
		{
			property: {
				displayName: 'Tracked Number',
				name: 'trackedNumber',
				type: 'string',
				default: '',
				placeholder: 'e.g. +7 (495) 000-00-02',
				description:
					'The phone number that was called. The node compares only the last ten digits.',
			},
			matching: samePhone(({ phoneNumber }) => [phoneNumber]),
		},
		{
			property: {
				displayName: 'Unique Only',
				name: 'uniqueOnly',
				type: 'boolean',
				default: true,
				description: 'Whether to return only unique calls',
			},
			matching: onlyWhere(({ uniqueCall }) => uniqueCall),
		},
		{
			property: {
				displayName: 'Unique Target Only',
				name: 'uniqueTargetOnly',
				type: 'boolean',
				default: true,
				description: 'Whether to return only unique target calls',
			},
			matching: onlyWhere(({ uniqTargetCall }) => uniqTargetCall),
		},
	],
	include: {
		ads: 'Ads',
		comments: 'Comments',
		orders: 'Orders',
		tags: 'Tags',
		transcript: 'Transcript',
		visits: 'Visits',
	},
	simplify: (call, zone, include) => ({
		callId: call.callId ?? null,
		date: isoDateOrNull(readCalls.time(call, zone)?.fromMs, zone),
		callerNumber: recordText(call.callerNumber),
		phoneNumber: recordText(call.phoneNumber),
		duration: call.duration ?? null,
		successful: call.successful ?? null,
		source: recordText(call.source),
		medium: recordText(call.medium),
		utmCampaign: recordText(call.utmCampaign),
		callReferenceId: recordText(call.callReferenceId),
		...included(call, include, {
			comments: call.comments,
			orders: call.orders,
			tags: call.callTags,
			transcript: call.phrases,
			visits: call.mapVisits,
		}),
	}),
} satisfies GetAll;

/** Reads calls. */
export const getAll = getAllOperation(calls);
