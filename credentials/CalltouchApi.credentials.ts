import type {
	Icon,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import {
	checkedSiteId,
	checkedToken,
	DEFAULT_TIME_ZONE,
} from '../nodes/Calltouch/credential/account';
import { checkedBaseUrl, DEFAULT_BASE_URL } from '../nodes/Calltouch/credential/baseUrl';
import { MAX_REQUESTS_PER_SECOND } from '../nodes/Calltouch/rateLimit/limit';

const ALL_STATUSES = Array.from({ length: 500 }, (_, index) => 100 + index);

/** The site's id of the credential that is tested, as an expression of n8n. */
const SITE_ID = "String($credentials.siteId ?? '').trim()";
const TODAY = "$now.setZone($credentials.timeZone).toFormat('dd/MM/yyyy')";
/** What the test asks for: one call of today at the site, or else an update that names no order. */
const TEST_URL = `={{ ${SITE_ID} ? '/calls-service/RestAPI/' + ${SITE_ID} + '/calls-diary/calls?page=1&limit=1&dateFrom=' + ${TODAY} + '&dateTo=' + ${TODAY} : '/calls-service/RestAPI/orders/update-by-id/' }}`;
/** Every status but the one that a good token gets: n8n counts those that are listed as failed. */
const FAILED_STATUSES = `={{ Array.from({ length: 500 }, (_, index) => 100 + index).filter((status) => status !== (${SITE_ID} ? 200 : 400)) }}`;

/** What an answer to the test says of the token, for the statuses of which more is known than the number. */
function verdictOnStatus(status: number): string {
	if (status === 401 || status === 403) {
		return "Calltouch does not accept this API token. If you filled in 'Site ID', it may be that one: copy it again too.";
	}
	if (status === 429) {
		return "Calltouch's rate limit was reached. Wait a few seconds and test again.";
	}
	if (status >= 500) {
		return `Calltouch is not available right now (HTTP ${status}), so the token could not be checked. Try again later.`;
	}
	return `Unexpected response (HTTP ${status}), so the token could not be checked. Check 'Base URL'.`;
}

/** Named, because the linter judges by a field's name alone whether it is a secret, and Calltouch's name does not tell. */
const SECRET = { password: true };

const SHOWS_A_WEB_PAGE =
	"A web page came back instead of Calltouch's answer, so the token could not be checked. Check 'Base URL'.";

/** The credential for Calltouch's API: the token, and what depends on the account. */
export class CalltouchApi implements ICredentialType {
	name = 'calltouchApi';

	displayName = 'Calltouch API';

	icon: Icon = {
		light: 'file:../icons/calltouch.svg',
		dark: 'file:../icons/calltouch.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-calltouch/n8n-nodes-calltouch/blob/main/docs/setup.md#credential';

	// Without this, whoever may use the credential could send its token anywhere with an HTTP Request node.
	restrictToSupportedNodes = true as const;

	// n8n's field "Allowed HTTP Request Domains: All" would read as if it could after all.
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
				"Needed only for Get Many, to read calls, web form requests and orders. It is also the number after /sites/ in the address of your account's pages.",
			hint: "Only for Get Many. Calltouch shows it beside the token: the account's ID, not the counter's",
		},
		{
			displayName:
				'Most accounts can leave the two fields below as they are. If the test says ECONNREFUSED or ENOTFOUND, nothing answers at Base URL.',
			name: 'advancedNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Requests per Second',
			name: 'requestsPerSecond',
			type: 'number',
			typeOptions: { minValue: 0.1, maxValue: MAX_REQUESTS_PER_SECOND, numberPrecision: 2 },
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
	 * Adds the token: to the form of a POST, to the query of a GET, where Calltouch wants it. Decides too where the request
	 * goes, so that in the node and in the test alike the token can only reach a host that was checked.
	 *
	 * @throws {Error} with a sentence for the user when the credential can't be used; n8n passes its message on.
	 */
	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const token = checkedToken(credentials.clientApiId);
		checkedSiteId(credentials.siteId);
		const request = { ...requestOptions, baseURL: checkedBaseUrl(credentials.baseUrl) };
		if (request.method === 'POST') {
			const form = new URLSearchParams(String(request.body ?? ''));
			form.set('clientApiId', token);
			return { ...request, body: form.toString() };
		}
		return { ...request, qs: { ...request.qs, clientApiId: token } };
	}

	/**
	 * With a site's id, asks for one call of today: HTTP 200 shows that the token has access to the site. Without one, asks
	 * for an update that names no order. To a good token Calltouch must answer 400 and changes nothing; nothing else
	 * that it could answer shows that the token is good (docs/calltouch-api.md, Testing a token).
	 *
	 * Where nothing answers, n8n shows a bare code such as ECONNREFUSED: its rules are asked about answers only. A test that is
	 * a function of the node could say more, but n8n hands it no helper to send with but `request`, which its linter forbids.
	 */
	test: ICredentialTestRequest = {
		request: {
			method: 'GET',
			baseURL: '={{ $credentials.baseUrl }}',
			url: TEST_URL,
			disableFollowRedirect: true,
			ignoreHttpStatusErrors: { ignore: true, except: FAILED_STATUSES as unknown as number[] },
		},
		rules: [
			...ALL_STATUSES.map((status) => ({
				type: 'responseCode',
				properties: { value: status, message: verdictOnStatus(status) },
			})),
			// A text answer is looked at by its characters: key 0 is the first one.
			...['<', ' ', '\n', '\r', '\t', '\uFEFF'].map((firstCharacter) => ({
				type: 'responseSuccessBody',
				properties: { key: '0', value: firstCharacter, message: SHOWS_A_WEB_PAGE },
			})),
			// Calltouch answers some failures to reading with HTTP 200 and this text.
			{
				type: 'responseSuccessBody',
				properties: { key: 'errorCode', value: '500', message: verdictOnStatus(500) },
			},
		] as ICredentialTestRequest['rules'],
	};
}
