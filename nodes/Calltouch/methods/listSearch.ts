import { DateTime } from 'luxon';
import {
	NodeApiError,
	type IDataObject,
	type ILoadOptionsFunctions,
	type INode,
	type INodeListSearchResult,
	type JsonObject,
} from 'n8n-workflow';

import { calls } from '../actions/call/getAll.operation';
import { readRange } from '../actions/getMany/readRange';
import { KeptItems } from '../actions/getMany/keptItems';
import { requests } from '../actions/request/getAll.operation';
import type { ReadEndpoint } from '../api/reading';
import { readAccount, type Account } from '../credential/account';
import { textsOf } from '../execution/nodeError';
import { SharedReads } from '../execution/sharedReads';
import { systemClock as clock } from '../rateLimit/clock';
import { CalltouchApiError } from '../transport/calltouchApiError';
import { connect } from '../transport/sendWithRetry';
import { cleaned } from '../values/characters';
import { InvalidFieldError, singleLine } from '../values/field';

const LISTED_DAYS = 7;
const MAX_ENTRIES = 100;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Short time limits, because a user is waiting for the list. */
const LIMITS = { timeoutMs: 30_000, maxWaitMs: 10_000 };
/** How long a list is reused: the editor searches at each pause in typing, which costs points. */
const KEPT_MS = 60_000;

/** The details of a call or a web form request that a list shows. */
type Lead = {
	id: string;
	timeMs: number | null;
	phone: string | null;
	source: string | null;
	medium: string | null;
};

/** A kind of record that can be listed. */
interface Listed {
	endpoint: ReadEndpoint;
	lead(record: IDataObject, zone: string): Omit<Lead, 'timeMs'>;
}

const CALLS: Listed = {
	endpoint: calls.endpoint,
	lead: (record, zone) => {
		const { callId, callerNumber, source, medium } = calls.simplify(record, zone, []);
		return { id: String(callId), phone: callerNumber, source, medium };
	},
};

const REQUESTS: Listed = {
	endpoint: requests.endpoint,
	lead: (record, zone) => {
		const { requestId, phone, source, medium } = requests.simplify(record, zone, []);
		return { id: String(requestId), phone, source, medium };
	},
};

/** Returns the entries of the list for 'Call ID'. */
export async function searchCalls(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	return await search(this, CALLS, filter);
}

/** Returns the entries of the list for 'Web Form Request ID'. */
export async function searchRequests(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	return await search(this, REQUESTS, filter);
}

/**
 * Returns the newest entries. A filter keeps only entries whose phone numbers contain its digits.
 *
 * @throws {NodeApiError} if Calltouch's records can't be read
 */
async function search(
	context: ILoadOptionsFunctions,
	listed: Listed,
	filter?: string,
): Promise<INodeListSearchResult> {
	try {
		const account = readAccount(await context.getCredentials('calltouchApi'));
		const leads = await recentLeads(context, account, listed);
		const typed = cleaned(filter ?? '');
		const found = typed ? leads.filter(({ phone }) => containsDigits(phone, typed)) : leads;
		return {
			results: found
				.slice(0, MAX_ENTRIES)
				.map((lead) => ({ name: inWords(lead, account.zone), value: lead.id })),
		};
	} catch (error) {
		throw listError(context.getNode(), error);
	}
}

/** The list that was read most recently. The next list replaces it. */
let lastRead: { key: string; atMs: number; leads: Promise<Lead[]> } | undefined;

async function recentLeads(
	context: ILoadOptionsFunctions,
	account: Account,
	listed: Listed,
): Promise<Lead[]> {
	const { origin, id, siteId, zone } = account;
	const key = JSON.stringify([origin, id, siteId, zone, listed.endpoint.name]);
	const nowMs = clock.epochMs();
	// The system clock also runs while the machine is suspended, but it may be set back.
	if (lastRead?.key !== key || Math.abs(nowMs - lastRead.atMs) >= KEPT_MS) {
		lastRead = { key, atMs: nowMs, leads: readLeads(context, account, listed, nowMs) };
	}
	try {
		return await lastRead.leads;
	} catch (error) {
		lastRead = undefined;
		return await Promise.reject(error);
	}
}

/** Reads the calls or web form requests from the last few days, newest first. */
async function readLeads(
	context: ILoadOptionsFunctions,
	account: Account,
	{ endpoint, lead }: Listed,
	nowMs: number,
): Promise<Lead[]> {
	const { siteId, zone } = account;
	if (siteId === undefined) {
		throw new InvalidFieldError(
			"'Site ID' in the credential is empty",
			"Open the credential and enter the Site ID, which Calltouch shows next to the API token. To work without a list, choose 'By ID'.",
		);
	}
	const connection = connect(context, account, clock, undefined);
	const ask = new SharedReads(connection).within(LIMITS);
	const range = { fromMs: nowMs - LISTED_DAYS * DAY_MS, toMs: nowMs };
	const newestFirst = new KeptItems(Infinity, 'newest');
	try {
		const reading = { endpoint, siteId, range, zone, include: [], nowMs };
		await readRange(ask, reading, (record, timeMs) => {
			const entry: Lead = { ...lead(record, zone), timeMs: timeMs ?? null };
			// The user can't choose a record that has no ID.
			if (/^\d+$/.test(entry.id)) newestFirst.add(timeMs, Number(entry.id), entry);
			return true;
		});
	} finally {
		connection.queue.close();
	}
	return newestFirst.items() as Lead[];
}

/** Whether a phone number contains the typed digits, which may start with 8 instead of 7. */
function containsDigits(phone: string | null, typed: string): boolean {
	const digits = typed.replace(/\D/g, '');
	const known = (phone ?? '')
		.replace(/\D/g, '')
		.replace(/^8(?=\d{10}$)/, '7')
		.replace(/^(?=\d{10}$)/, '7');
	return digits !== '' && (known.includes(digits) || known.includes(digits.replace(/^8/, '7')));
}

/** The text of an entry: `28.11. 19:55 · +7 916 123-45-67 · yandex / cpc`. */
function inWords({ timeMs, phone, source, medium }: Lead, zone: string): string {
	const time =
		timeMs === null
			? null
			: DateTime.fromMillis(timeMs, { zone, locale: 'en' }).toFormat('dd.MM HH:mm');
	const number = phone?.replace(/^7(\d{3})(\d{3})(\d\d)(\d\d)$/, '+7 $1 $2-$3-$4');
	const channel = [source, medium].filter((part) => part !== null).join(' / ');
	return singleLine([time, number, channel].filter((part) => part).join(' · '));
}

/** Returns a NodeApiError, the only error whose description n8n passes on to the editor. */
function listError(node: INode, error: unknown): NodeApiError {
	const { message, description } = textsOf(error);
	const httpCode = error instanceof CalltouchApiError ? error.status?.toString() : undefined;
	const nodeError = new NodeApiError(node, {} as JsonObject, { message, description, httpCode });
	// n8n replaces the whole message if it contains a code such as EPERM.
	nodeError.message = message;
	return nodeError;
}
