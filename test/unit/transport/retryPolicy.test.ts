import {
	backoffDelayMs,
	isRejection,
	MAX_ATTEMPTS,
	mayHaveSucceeded,
	RETRY_POLICY,
	type FailureKind,
} from '../../../nodes/Calltouch/transport/retryPolicy';

it.each<[FailureKind, policy: string, outcome: 'not sent' | 'rejected' | 'unknown']>([
	['rateLimited', 'untilMaxWait', 'not sent'],
	['notDelivered', 'untilMaxWait', 'not sent'],
	['notSent', 'untilMaxWait', 'not sent'],
	['untrusted', 'never', 'not sent'],
	['occupied', 'never', 'not sent'],
	['noResponse', 'ifIdempotent', 'unknown'],
	['unconfirmed', 'never', 'unknown'],
	['unexpected', 'never', 'unknown'],
	['denied', 'never', 'rejected'],
	['notFound', 'never', 'rejected'],
	['tooLong', 'never', 'rejected'],
	['rejected', 'never', 'rejected'],
])(
	'A request that failed as %s has the retry policy %s and the outcome %s',
	(kind, policy, outcome) => {
		expect(RETRY_POLICY[kind]).toBe(policy);
		expect(mayHaveSucceeded(kind)).toBe(outcome === 'unknown');
		expect(isRejection(kind)).toBe(outcome === 'rejected');
	},
);

it('An idempotent request is sent at most three times', () => {
	expect(MAX_ATTEMPTS).toBe(3);
});

it.each([
	[1, 0, 500],
	[1, 1, 1000],
	[2, 0.5, 1500],
	[4, 1, 8000],
	[20, 1, 30000],
	[20, 0, 15000],
])(
	'After failure number %i, the pause for the random number %p is %i ms',
	(failures, random, ms) => {
		expect(backoffDelayMs(failures, random)).toBe(ms);
	},
);
