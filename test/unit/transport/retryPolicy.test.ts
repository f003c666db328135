import {
	backoffDelayMs,
	MAX_ATTEMPTS,
	RETRY_POLICY,
} from '../../../nodes/Calltouch/transport/retryPolicy';

it.each(['rateLimited', 'notDelivered', 'notSent'] as const)(
	'A request that was definitely not carried out (%s) is retried until Max Wait, also a new order',
	(kind) => {
		expect(RETRY_POLICY[kind]).toBe('retryUntilMaxWait');
	},
);

it('A request without a response is sent three times in total, and a new order only once', () => {
	expect(RETRY_POLICY.noResponse).toBe('retryIdempotent');
	expect(MAX_ATTEMPTS).toBe(3);
});

it.each(['unconfirmed', 'unexpected', 'untrusted', 'rejected'] as const)(
	"A request that a retry can't help (%s) fails immediately",
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
