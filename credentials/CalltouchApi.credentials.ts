import type {
	Icon,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import {
	checkedRequestsPerSecond,
	checkedSiteId,
	checkedToken,
	DEFAULT_TIME_ZONE,
} from '../nodes/Calltouch/credential/account';
import { checkedBaseUrl, DEFAULT_BASE_URL } from '../nodes/Calltouch/credential/baseUrl';
import { CREDENTIAL_TEST } from '../nodes/Calltouch/credential/credentialTest';
import { depart } from '../nodes/Calltouch/credential/departure';
import { tokenPlaceOf } from '../nodes/Calltouch/credential/tokenPlace';
import { MAX_REQUESTS_PER_SECOND } from '../nodes/Calltouch/rateLimit/adaptiveRate';

/**
 * Calltouch's name for the field does not contain a word by which n8n's linter recognises a secret.
 */
const SECRET = { password: true };

/** The credential for Calltouch's API: the token and the account-specific settings. */
export class CalltouchApi implements ICredentialType {
	name = 'calltouchApi';

	displayName = 'Calltouch API';

	icon: Icon = {
		light: 'file:../icons/calltouch.svg',
		dark: 'file:../icons/calltouch.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-calltouch/n8n-nodes-calltouch/blob/main/docs/setup.md#credential';

	// Otherwise, anyone allowed to use the credential could send its token anywhere with an HTTP
	// Request node.
	restrictToSupportedNodes = true as const;

	// n8n's field "Allowed HTTP Request Domains: All" would suggest that it still can.
	hideDomainRestrictionFields = true;

	properties: INodeProperties[] = [
		{
			displayName: 'API Token',
			name: 'clientApiId',
			type: 'string',
			typeOptions: SECRET,
			required: true,
			default: '',
			description: 'The token of your login, which Calltouch also calls clientApiId',
			hint: 'In Calltouch: Integrations / Sending data to external systems / API and Webhooks / API',
		},
		{
			displayName: 'Time Zone',
			name: 'timeZone',
			type: 'options',
			default: DEFAULT_TIME_ZONE,
			description: 'Time zone of your Calltouch account. Order dates are converted to it.',
			options: [
				{ name: 'Almaty', value: 'Asia/Almaty' },
				{ name: 'Ashgabat', value: 'Asia/Ashgabat' },
				{ name: 'Baku', value: 'Asia/Baku' },
				{ name: 'Bishkek', value: 'Asia/Bishkek' },
				{ name: 'Chisinau', value: 'Europe/Chisinau' },
				{ name: 'Dushanbe', value: 'Asia/Dushanbe' },
				{ name: 'Irkutsk (Moscow +5)', value: 'Asia/Irkutsk' },
				{ name: 'Kaliningrad (Moscow −1)', value: 'Europe/Kaliningrad' },
				{ name: 'Kamchatka (Moscow +9)', value: 'Asia/Kamchatka' },
				{ name: 'Krasnoyarsk (Moscow +4)', value: 'Asia/Krasnoyarsk' },
				{ name: 'Kyiv', value: 'Europe/Kiev' },
				{ name: 'Magadan (Moscow +8)', value: 'Asia/Magadan' },
				{ name: 'Minsk', value: 'Europe/Minsk' },
				{ name: 'Moscow', value: 'Europe/Moscow' },
				{ name: 'Novosibirsk (Moscow +4)', value: 'Asia/Novosibirsk' },
				{ name: 'Omsk (Moscow +3)', value: 'Asia/Omsk' },
				{ name: 'Samara (Moscow +1)', value: 'Europe/Samara' },
				{ name: 'Tashkent', value: 'Asia/Tashkent' },
				{ name: 'Tbilisi', value: 'Asia/Tbilisi' },
				{ name: 'Vladivostok (Moscow +7)', value: 'Asia/Vladivostok' },
				{ name: 'Yakutsk (Moscow +6)', value: 'Asia/Yakutsk' },
				{ name: 'Yekaterinburg (Moscow +2)', value: 'Asia/Yekaterinburg' },
				{ name: 'Yerevan', value: 'Asia/Yerevan' },
			],
		},
		{
			displayName: 'Site ID',
			name: 'siteId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 12345',
			description:
				"Needed to read calls, web form requests and orders, to download recordings, to choose a call or web form request from a list, and to create web form requests. It is also the number after /sites/ in the address of your account's pages.",
			hint: 'For Get Many, recordings, lists and new web form requests. Calltouch shows it next to the token: the account ID, not the counter ID',
		},
		{
			displayName:
				'Most accounts can leave the two fields below as they are. If the test says ECONNREFUSED or ENOTFOUND, no server responds at Base URL.',
			name: 'advancedNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Requests per Second',
			name: 'requestsPerSecond',
			type: 'number',
			// No `minValue`: n8n would silently raise a smaller number to it.
			typeOptions: { maxValue: MAX_REQUESTS_PER_SECOND, numberPrecision: 2 },
			default: MAX_REQUESTS_PER_SECOND,
			description:
				'Calltouch allows 5 requests per second per IP address. Lower this if other programs or several n8n workers share the address.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: DEFAULT_BASE_URL,
			description:
				"Address of Calltouch's API. A shared queue helps when several n8n workers import at once (see examples/queue-mode); the simulator, for example at http://127.0.0.1:8089, is for practice.",
			hint: 'Change only for a shared queue or the simulator.',
		},
	];

	/**
	 * Adds the token where the method of the API expects it: to the form, the query or a header, or
	 * nowhere. Also sets the target of the request, so that the node and the test send the token only
	 * to a checked host.
	 *
	 * @throws {Error} with a sentence for the user when the credential can't be used; n8n passes its
	 * message on.
	 */
	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const token = checkedToken(credentials.clientApiId);
		checkedSiteId(credentials.siteId);
		checkedRequestsPerSecond(credentials.requestsPerSecond);
		const request = { ...requestOptions, baseURL: checkedBaseUrl(credentials.baseUrl) };
		depart(requestOptions);
		switch (tokenPlaceOf(requestOptions)) {
			case 'none':
				return request;
			case 'form': {
				const form = new URLSearchParams(String(request.body ?? ''));
				form.set('clientApiId', token);
				return { ...request, body: form.toString() };
			}
			case 'header':
				return { ...request, headers: { ...request.headers, 'Access-Token': token } };
			case 'query':
				return { ...request, qs: { ...request.qs, clientApiId: token } };
		}
	}

	test: ICredentialTestRequest = CREDENTIAL_TEST;
}
