import {
	backoffDelayMs,
	MAX_ATTEMPTS,
	RETRY_POLICY,
} from '../../../nodes/Calltouch/transport/retryPolicy';

it.each(['rateLimited', 'notDelivered', 'notSent'] as const)(
	'A request that was surely not carried out (%s) is sent until Max Wait, also a new order',
	(kind) => {
		expect(RETRY_POLICY[kind]).toBe('retryUntilMaxWait');
	},
);

it('A request without an answer is sent three times in all, and a new order never again', () => {
	expect(RETRY_POLICY.noResponse).toBe('retryIdempotent');
	expect(MAX_ATTEMPTS).toBe(3);
});

it.each(['unconfirmed', 'unexpected', 'untrusted', 'rejected'] as const)(
	'A request that no further attempt could help (%s) fails at once',
	(kind) => {
		expect(RETRY_POLICY[kind]).toBe('fail');
	},
);

it.each([
	[1, 0, 500],
	[1, 1, 1000],
	[2, 0.5, 1500],
	[4, 1, 8000],
	[20, 1, 30000],
	[20, 0, 15000],
])('The pause after failure %i with the random number %p lasts %i ms', (failures, random, ms) => {
	expect(backoffDelayMs(failures, random)).toBe(ms);
});
