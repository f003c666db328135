import { MAX_REQUESTS_PER_SECOND } from './limit';

/**
 * Recent round trips that count: twenty seconds at the full rate, so that a changed network shows.
 */
const REMEMBERED_ROUND_TRIPS = 100;
/**
 * A response that takes longer still is late because Calltouch was busy, not because the request
 * was.
 */
const MAX_DELAY_MS = 300;
/**
 * In flight at most over what the round trip calls for; 1 would never find out that more gets more
 * through.
 */
const IN_FLIGHT_FACTOR = 2;
/**
 * A longer round trip is not made up for by more in flight: it may be a queue that consists of our
 * own requests, and this times the factor is as long, in time, as we let such a queue grow.
 */
const MAX_ROUND_TRIP_MS = 2_000;

interface RoundTrip {
	endMs: number;
	durationMs: number;
}

/**
 * What recent round trips tell about the way to Calltouch. The shortest one is taken for the
 * network's own, as in TCP Vegas and BBR; what another took longer, it spent in some queue.
 */
export class RoundTrips {
	private readonly recent: RoundTrip[] = [];
	private shortestMs = Infinity;
	private longestMs = 0;

	/** Notes that a response came. */
	note(durationMs: number, nowMs: number): void {
		this.recent.push({ endMs: nowMs, durationMs });
		if (this.recent.length > REMEMBERED_ROUND_TRIPS) this.recent.shift();
		const durationsMs = this.recent.map((roundTrip) => roundTrip.durationMs);
		this.shortestMs = Math.min(...durationsMs);
		this.longestMs = Math.max(...durationsMs);
	}

	/**
	 * How much later than the fastest a request arrived, at most: the way back is counted too.
	 *
	 * @param durationMs of its round trip; undefined while there is no response: the longest counts
	 * @param connectedMs the shortest round trip of those that waited for the same connection, which
	 * may take any time
	 */
	queueingDelayMs(durationMs = this.longestMs, connectedMs = this.shortestMs): number {
		return Math.max(0, Math.min(durationMs, connectedMs + MAX_DELAY_MS) - this.shortestMs);
	}

	/**
	 * How many requests may be in flight. By Little's law, throughput times the network's own round
	 * trip fills the way without a queue; never fewer than may leave at once after a pause.
	 */
	maxInFlight(nowMs: number): number {
		const sinceMs = nowMs - Math.min(MAX_ROUND_TRIP_MS, this.shortestMs);
		const perRoundTrip = this.recent.filter(({ endMs }) => endMs > sinceMs).length;
		return Math.max(MAX_REQUESTS_PER_SECOND, IN_FLIGHT_FACTOR * perRoundTrip);
	}
}
