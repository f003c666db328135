import { MAX_ATTEMPTS, RETRY_POLICY } from '../../../nodes/Calltouch/transport/retryPolicy';

it.each(['rateLimited', 'notDelivered'] as const)(
	'A request that was definitely not carried out (%s) is retried until Max Wait, also a new order',
	(kind) => {
		expect(RETRY_POLICY[kind]).toEqual({
			idempotent: 'retryUntilMaxWait',
			notIdempotent: 'retryUntilMaxWait',
		});
	},
);

it('A request without a response is sent three times in total, and a new order only once', () => {
	expect(RETRY_POLICY.noResponse).toEqual({ idempotent: 'retryLimited', notIdempotent: 'fail' });
	expect(MAX_ATTEMPTS).toBe(3);
});

it.each(['unconfirmed', 'unexpected', 'untrusted', 'rejected'] as const)(
	"A request that a retry can't help (%s) fails immediately",
	(kind) => {
		expect(RETRY_POLICY[kind]).toEqual({ idempotent: 'fail', notIdempotent: 'fail' });
	},
);
