import { readRequests } from '../../api/reading';
import { clientNameOf, comparableAddress, emailsOf, phonesOf } from '../../api/requestRecord';
import { email } from '../../values/contact';
import { identifier } from '../../values/identifier';
import { isoDateOrNull, objectOrNull, recordText } from '../../values/record';
import { sameAs, samePhone } from '../getMany/filter';
import { getAllOperation, type GetAll } from '../getMany/getManyOperation';
import { included } from '../getMany/included';

/** The filters, details and output of Get Many for web form requests. */
export const requests = {
	endpoint: readRequests,
	texts: {
		action: 'Get many web form requests',
		description: 'Find web form requests by time, phone number, email or request number',
	},
	filters: [
		{
			property: {
				displayName: 'Email',
				name: 'email',
				type: 'string',
				default: '',
				placeholder: 'e.g. name@email.com',
				description: "The client's email address. The filter ignores case.",
			},
			matching: sameAs(email, emailsOf, comparableAddress),
		},
		{
			property: {
				displayName: 'Phone Number',
				name: 'phoneNumber',
				type: 'string',
				default: '',
				placeholder: 'e.g. +7 (920) 555-00-55',
				description:
					"The client's phone number, in any format. The node compares only the last ten digits.",
			},
			matching: samePhone(phonesOf),
		},
		{
			property: {
				displayName: 'Web Form Request Number',
				name: 'requestNumber',
				type: 'string',
				default: '',
				placeholder: 'e.g. 200001',
				description: 'The number that your site assigned to the web form request',
			},
			matching: sameAs(identifier, ({ requestNumber }) => [requestNumber]),
		},
	],
	include: { ads: 'Ads', customFields: 'Custom Fields', tags: 'Tags', visits: 'Visits' },
	simplify: (request, zone, include) => {
		const session = objectOrNull(request.session);
		return {
			requestId: request.requestId ?? null,
			requestNumber: recordText(request.requestNumber),
			date: isoDateOrNull(readRequests.time(request, zone)?.fromMs, zone),
			subject: recordText(request.subject),
			name: clientNameOf(request),
			phone: recordText(phonesOf(request)[0]),
			email: emailsOf(request)[0] ?? null,
			source: recordText(session?.source),
			medium: recordText(session?.medium),
			utmCampaign: recordText(session?.utmCampaign),
			...included(request, include, {
				customFields: request.customFields,
				tags: request.RequestTags,
				visits: request.mapVisits,
			}),
		};
	},
} satisfies GetAll;

/** Reads web form requests. */
export const getAll = getAllOperation(requests);
