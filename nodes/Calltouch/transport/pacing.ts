import { sleep } from 'n8n-workflow';

import type { Account } from '../account';

const SECOND_MS = 1000;
/** Requests do not arrive exactly as they left; without a margin, the sixth would at times come within the second. */
const JITTER_MARGIN_MS = 50;

/** When the next request may leave, for each host: the limit is one for the IP address, whatever the credential. */
const nextDeparture = new Map<string, number>();

/** Waits until a request may leave. Rejects when the execution is cancelled. */
export async function turn(
	{ origin, requestsPerSecond }: Account,
	signal: AbortSignal | undefined,
): Promise<void> {
	const now = Date.now();
	const departure = Math.max(now, nextDeparture.get(origin) ?? 0);
	nextDeparture.set(origin, departure + (SECOND_MS + JITTER_MARGIN_MS) / requestsPerSecond);
	await sleep(departure - now, signal);
}
