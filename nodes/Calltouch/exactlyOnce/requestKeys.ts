import type { ChangePlan } from '../actions/operation';
import { SENT_AT_MS, SITE_ID, type ApiRequest } from '../api/endpoint';
import { valueOf, withoutUndefined, type Parameter } from '../api/request';
import type { Account } from '../credential/account';
import { digest } from '../values/digest';

/** A request, and the name under which it is remembered (by default, the endpoint's name). */
export type RememberedStep = Pick<ChangePlan, 'request' | 'historyKey'>;

/** The properties that identify an account. */
export type AccountKey = Pick<Account, 'origin' | 'id'>;

/** The item that a request belongs to. */
export interface ItemPosition {
	itemIndex: number;
	sequenceKeys: readonly string[];
}

/** The owner of all recipients, because any account could make the same phone ring. */
const ALL_ACCOUNTS = 'all accounts';

/**
 * Returns the owner of the record that a request changes: the site if no token is sent, all
 * accounts if the recipient must not be contacted twice, and otherwise the account.
 */
export function ownerOf(account: AccountKey, { endpoint, siteId }: ApiRequest): string {
	if (endpoint.recipient !== undefined) return ALL_ACCOUNTS;
	return endpoint.token === 'none' ? `${sitesOf(account)}${siteId}` : accountOwner(account);
}

/** Whether an account's credential can change the records of an owner. */
export function isOwner(owner: string, account: AccountKey): boolean {
	const isShared = owner === ALL_ACCOUNTS || owner.startsWith(sitesOf(account));
	return isShared || owner === accountOwner(account);
}

/** Whether the records of this owner were changed with a token other than the account's. */
export function isOtherToken(owner: string, account: AccountKey): boolean {
	return owner.startsWith(`${account.origin} `) && !isOwner(owner, account);
}

function accountOwner({ origin, id }: AccountKey): string {
	return `${origin} ${id}`;
}

/** The prefix of all owners that are sites. */
function sitesOf({ origin }: AccountKey): string {
	return `${origin} site `;
}

/**
 * Returns the key of the record to create, if the record can be looked up, or of the recipient that
 * must not be contacted twice; undefined if neither exists.
 */
export function targetOf({ endpoint, parameters, siteId }: ApiRequest): string | undefined {
	const key = endpoint.lookUp?.key ?? endpoint.recipient;
	const value = key && valueOf(parameters, key);
	return value === undefined ? undefined : JSON.stringify([key, value, siteId]);
}

/** Returns the parameters that identify a record and distinguish it from an older record. */
export function identifyingOf(
	{ endpoint, parameters, siteId }: ApiRequest,
	sentAtMs: number,
): Parameter[] {
	const identifying = endpoint.lookUp?.identifying ?? [];
	const known = [...parameters, [SITE_ID, siteId], [SENT_AT_MS, String(sentAtMs)]] as const;
	return withoutUndefined(known.filter(([name]) => identifying.includes(name)));
}

/** Returns a digest of a request without the parameters that change with each attempt. */
export function digestOf({ endpoint, parameters, siteId }: ApiRequest): string {
	const sent = parameters.filter(([name]) => !endpoint.volatile.includes(name));
	return digest(JSON.stringify([endpoint.name, sent, siteId]));
}

/** Returns the key under which an item's request is remembered. */
export function itemKey(itemIndex: number, { request, historyKey }: RememberedStep): string {
	return `${historyKey ?? request.endpoint.name} ${itemIndex}`;
}

/**
 * Returns the key of a request, regardless of the item. If the request has no target, the key
 * depends on all its values.
 */
export function targetKey({ request, historyKey }: RememberedStep): string {
	return `${historyKey ?? request.endpoint.name} ${targetOf(request) ?? digestOf(request)}`;
}
