import { CalltouchApiError } from '../nodes/Calltouch/transport/calltouchApiError';
import {
	heldUpFailure,
	isNotFound,
	stalledFailure,
	unknownFateFailure,
} from '../nodes/Calltouch/transport/errorMessages';

const EARLIER = new CalltouchApiError('It broke', 'Mend it.', 503, true);
const lookedUp = (httpCode?: number) => ({
	orderNumber: 'N-1',
	failure: new CalltouchApiError('x', 'y', httpCode),
});

describe('a failure that did not pass in time', () => {
	it('says for how long it was tried', () => {
		const failure = heldUpFailure(EARLIER, 12_400, 0);
		expect(failure).toMatchObject({ message: 'It broke', httpCode: 503, mayHaveSucceeded: false });
		expect(failure.advice).toBe('It was tried for 12 s. Mend it.');
	});

	it('says how much longer Calltouch asks to wait', () => {
		expect(heldUpFailure(EARLIER, 0, 30_000).advice).toBe(
			'It was tried for 0 s. Calltouch asks to wait 30 s more. Mend it.',
		);
	});
});

describe('an item that was not sent', () => {
	it('because of the limit names both limits', () => {
		const failure = stalledFailure('register', 'refused', 60_000);
		expect(failure).toMatchObject({
			name: 'CalltouchApiError',
			message:
				'Could not create the order: Calltouch refused because of its limit. Nothing was changed (HTTP 429)',
			httpCode: 429,
			mayHaveSucceeded: false,
		});
		expect(failure.advice).toMatch(
			/^For 60 s, no request has got through\. There are two limits\. .*Points for each day/,
		);
	});

	it('because Calltouch is gone says to look at the connection', () => {
		const failure = stalledFailure('delete-by-id', 'undelivered', 1_000);
		expect(failure).toMatchObject({
			message: "Could not delete the order: Calltouch can't be reached. Nothing was sent",
			httpCode: undefined,
		});
		expect(failure.advice).toMatch(
			/^For 1 s, no request has got through\. Check the internet connection of this n8n/,
		);
	});
});

describe('a new order of which nothing is known', () => {
	it('keeps what happened, and says that it was not found', () => {
		for (const looked of [lookedUp(400), lookedUp(404), { orderNumber: 'N-1' }]) {
			expect(unknownFateFailure(looked, EARLIER)).toMatchObject({
				message: 'It broke',
				advice:
					'It was looked up by its number "N-1" and not found, but it may appear later. Mend it.',
				httpCode: 503,
				mayHaveSucceeded: true,
			});
		}
	});

	it.each([undefined, 500, 429])('is not said to be missing when looking failed: %p', (code) => {
		expect(unknownFateFailure(lookedUp(code), EARLIER).advice).toBe(
			'It could not be looked up by its number "N-1" either. Mend it.',
		);
	});

	it('was sent by an earlier try of n8n, which left nothing to tell', () => {
		const failure = unknownFateFailure({}, undefined);
		expect(failure.message).toMatch(/^It is not known whether.*so it was not sent again$/);
		expect(failure.advice).toMatch(
			/^It has no 'Order Number', so it can't be looked up from here\. The order may or may not/,
		);
		expect(failure.httpCode).toBeUndefined();
	});
});

it.each([
	[400, true],
	[404, true],
	[403, false],
	[500, false],
	[undefined, false],
])('HTTP %p says that there is no such order: %s', (status, expected) => {
	expect(isNotFound(status)).toBe(expected);
});
