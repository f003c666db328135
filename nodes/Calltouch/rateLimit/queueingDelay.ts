const REMEMBERED_ROUND_TRIPS = 100;
/** An answer may take long for other reasons than a late arrival; more than this is not held against the network. */
const MOST_LATENESS_MS = 300;
/** The part of the highest lateness that is left after each answer, so that a calm network is found out. */
const HIGHEST_KEPT = 0.97;

/**
 * Estimates how much later than the fastest a request arrived at Calltouch: by as much as its round trip was longer than the
 * shortest one. What was lost on the way back is counted too, which errs on the safe side.
 */
export class Lateness {
	private readonly roundTripsMs: number[] = [];

	private shortestMs = Infinity;

	private highestMs = 0;

	/** Notes the round trip of a request, in milliseconds. */
	note(roundTripMs: number): void {
		this.roundTripsMs.push(roundTripMs);
		if (this.roundTripsMs.length > REMEMBERED_ROUND_TRIPS) this.roundTripsMs.shift();
		this.shortestMs = Math.min(...this.roundTripsMs);
		this.highestMs = Math.max(this.highestMs * HIGHEST_KEPT, this.ofMs(roundTripMs));
	}

	/** The lateness of a request by its round trip; as high as was seen of late where there is no answer yet. */
	ofMs(roundTripMs: number | undefined): number {
		if (roundTripMs === undefined) return this.highestMs;
		return Math.min(MOST_LATENESS_MS, Math.max(0, roundTripMs - this.shortestMs));
	}
}
