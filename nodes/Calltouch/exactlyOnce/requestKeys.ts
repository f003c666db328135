import type { ChangePlan } from '../actions/operation';
import { SENT_AT_MS, SITE_ID, type ApiRequest } from '../api/endpoint';
import { valueOf, withoutUndefined, type Parameter } from '../api/request';
import type { Account } from '../credential/account';
import { digest } from '../values/digest';

/** A request, and under which name it is remembered where the endpoint's name does not tell. */
export type RememberedStep = Pick<ChangePlan, 'request' | 'historyKey'>;

/** What sets an account apart. */
export type AccountKey = Pick<Account, 'origin' | 'id'>;

/** Whose records a request changes: the account's, or where it is sent without a token the site's. */
export function ownerOf(account: AccountKey, { endpoint, siteId }: ApiRequest): string {
	return endpoint.token === 'none' ? `${sitesOf(account)}${siteId}` : accountOwner(account);
}

/** The owner of what is changed with a token. */
export function accountOwner({ origin, id }: AccountKey): string {
	return `${origin} ${id}`;
}

/** Whether what belongs to an owner can be changed with an account's credential. */
export function isOwner(owner: string, account: AccountKey): boolean {
	return owner === accountOwner(account) || owner.startsWith(sitesOf(account));
}

/** What the owners without a token begin with. */
function sitesOf({ origin }: AccountKey): string {
	return `${origin} site `;
}

/** What a record that is about to be created would be looked for by. */
export function recordOf({ endpoint, parameters, siteId }: ApiRequest): string | undefined {
	const key = endpoint.lookUp?.key;
	const value = key && valueOf(parameters, key);
	return value === undefined ? undefined : JSON.stringify([key, value, siteId]);
}

/** Whom a request reaches, where it must not reach anyone twice; undefined elsewhere. */
export function recipientOf({ endpoint, parameters }: ApiRequest): string | undefined {
	const value = endpoint.recipient && valueOf(parameters, endpoint.recipient);
	return value === undefined ? undefined : JSON.stringify([endpoint.recipient, value]);
}

/** Whose requests take turns: an owner's, or everybody's where they must not reach anyone twice. */
export function turnsOf(account: AccountKey, request: ApiRequest): string {
	return recipientOf(request) === undefined ? ownerOf(account, request) : 'any';
}

/** The parameters by which a record can be looked up and told from an older one. */
export function identifyingOf(
	{ endpoint, parameters, siteId }: ApiRequest,
	sentAtMs: number,
): Parameter[] {
	const identifying = endpoint.lookUp?.identifying ?? [];
	const known = [...parameters, [SITE_ID, siteId], [SENT_AT_MS, String(sentAtMs)]] as const;
	return withoutUndefined(known.filter(([name]) => identifying.includes(name)));
}

/** A short mark of what is sent, without what differs each time. */
export function digestOf({ endpoint, parameters, siteId }: ApiRequest): string {
	const sent = parameters.filter(([name]) => !endpoint.volatile.includes(name));
	return digest(JSON.stringify([endpoint.name, sent, siteId]));
}

/** Under what an item's request is remembered. */
export function itemKey(itemIndex: number, { request, historyKey }: RememberedStep): string {
	return `${historyKey ?? request.endpoint.name} ${itemIndex}`;
}

/** Under what it is remembered whichever item it is for: its record or recipient, or all that is sent. */
export function recordKey({ request, historyKey }: RememberedStep): string {
	const target = recordOf(request) ?? recipientOf(request) ?? digestOf(request);
	return `${historyKey ?? request.endpoint.name} ${target}`;
}
