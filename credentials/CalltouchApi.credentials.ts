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

/** n8n's linter does not recognize `clientApiId`, Calltouch's name for the token, as a secret. */
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

	// n8n's field "Allowed HTTP Request Domains: All" suggests that HTTP Request nodes are allowed.
	hideDomainRestrictionFields = true;

	properties: INodeProperties[] = [
		{
			displayName: 'API Token',
			name: 'clientApiId',
			type: 'string',
			typeOptions: SECRET,
			required: true,
			default: '',
			description: 'API token of your Calltouch login, which Calltouch also calls clientApiId',
			hint: 'In Calltouch, open Integrations / Sending data to external systems / API and Webhooks / API',
		},
		{
			displayName: 'Time Zone',
			name: 'timeZone',
			type: 'options',
			default: DEFAULT_TIME_ZONE,
			description:
				'Time zone of your Calltouch account. The node converts order dates to this time zone.',
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
				'Required to read calls, web form requests and orders, download recordings, choose a call or web form request from a list, and create web form requests. The Site ID is also the number after /sites/ in the web addresses of your Calltouch account.',
			hint: 'Needed for Get Many, recordings, lists and new web form requests. Calltouch shows this account ID (not the counter ID) next to the token.',
		},
		{
			displayName:
				'Most users can leave the two fields below unchanged. If the connection test reports ECONNREFUSED or ENOTFOUND, no server responds at the Base URL.',
			name: 'advancedNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Requests per Second',
			name: 'requestsPerSecond',
			type: 'number',
			// No `minValue`: n8n would silently raise smaller numbers to this minimum.
			typeOptions: { maxValue: MAX_REQUESTS_PER_SECOND, numberPrecision: 2 },
			default: MAX_REQUESTS_PER_SECOND,
			description:
				'Calltouch allows 5 requests per second from one IP address. Enter a lower number if other programs or several n8n workers share the address.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: DEFAULT_BASE_URL,
			description:
				"Address of Calltouch's API. If several n8n workers import data at the same time, use the address of a shared queue instead (see examples/queue-mode). To practice, use the address of the simulator, for example http://127.0.0.1:8089.",
			hint: 'Change this address only to use a shared queue or the simulator',
		},
	];

	/**
	 * Adds the token to the form, the query or a header, as the API method requires; some methods
	 * need no token. Also sets the base URL, so that the node and the credential test send the
	 * token only to an allowed host.
	 *
	 * @throws {Error} if the credential can't be used. n8n shows the message to the user.
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
