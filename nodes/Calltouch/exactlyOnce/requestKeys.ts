import type { ChangePlan } from '../actions/operation';
import { SENT_AT_MS, SITE_ID, type ApiRequest } from '../api/endpoint';
import { valueOf, withoutUndefined, type Parameter } from '../api/request';
import type { Account } from '../credential/account';
import { digest } from '../values/digest';

/** A request, and the name under which it is remembered, by default the endpoint's. */
export type RememberedStep = Pick<ChangePlan, 'request' | 'historyKey'>;

/** The properties that identify an account. */
export type AccountKey = Pick<Account, 'origin' | 'id'>;

/**
 * The owner of the records that a request changes: the account, or the site if no token is sent.
 */
export function ownerOf(account: AccountKey, { endpoint, siteId }: ApiRequest): string {
	return endpoint.token === 'none' ? `${sitesOf(account)}${siteId}` : accountOwner(account);
}

/** The owner of records that are changed with a token. */
export function accountOwner({ origin, id }: AccountKey): string {
	return `${origin} ${id}`;
}

/** Whether an account's credential can change the records of an owner. */
export function isOwner(owner: string, account: AccountKey): boolean {
	return owner === accountOwner(account) || owner.startsWith(sitesOf(account));
}

/** The beginning of all owners that are sites. */
function sitesOf({ origin }: AccountKey): string {
	return `${origin} site `;
}

/** The key by which the record of a request can be looked up; undefined if it has none. */
export function recordOf({ endpoint, parameters, siteId }: ApiRequest): string | undefined {
	const key = endpoint.lookUp?.key;
	const value = key && valueOf(parameters, key);
	return value === undefined ? undefined : JSON.stringify([key, value, siteId]);
}

/** The recipient of a request that must not reach anyone twice; undefined for other requests. */
export function recipientOf({ endpoint, parameters }: ApiRequest): string | undefined {
	const value = endpoint.recipient && valueOf(parameters, endpoint.recipient);
	return value === undefined ? undefined : JSON.stringify([endpoint.recipient, value]);
}

/** The scope of a queue: one owner, or all if a recipient must not be reached twice. */
export function turnsOf(account: AccountKey, request: ApiRequest): string {
	return recipientOf(request) === undefined ? ownerOf(account, request) : 'any';
}

/** The parameters that find a record, and tell it from an older one. */
export function identifyingOf(
	{ endpoint, parameters, siteId }: ApiRequest,
	sentAtMs: number,
): Parameter[] {
	const identifying = endpoint.lookUp?.identifying ?? [];
	const known = [...parameters, [SITE_ID, siteId], [SENT_AT_MS, String(sentAtMs)]] as const;
	return withoutUndefined(known.filter(([name]) => identifying.includes(name)));
}

/** A digest of a request, without the parameters that differ each time. */
export function digestOf({ endpoint, parameters, siteId }: ApiRequest): string {
	const sent = parameters.filter(([name]) => !endpoint.volatile.includes(name));
	return digest(JSON.stringify([endpoint.name, sent, siteId]));
}

/** The key under which an item's request is remembered. */
export function itemKey(itemIndex: number, { request, historyKey }: RememberedStep): string {
	return `${historyKey ?? request.endpoint.name} ${itemIndex}`;
}

/**
 * The key under which a request is remembered for all items: by its record, its recipient or all
 * that it sends.
 */
export function recordKey({ request, historyKey }: RememberedStep): string {
	const target = recordOf(request) ?? recipientOf(request) ?? digestOf(request);
	return `${historyKey ?? request.endpoint.name} ${target}`;
}
