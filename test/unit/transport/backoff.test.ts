import { backoffDelayMs, retryAfterMs } from '../../../nodes/Calltouch/transport/backoff';

const NOW_MS = Date.parse('2026-11-23T12:00:00Z');

it.each([
	['5', 5000],
	[' 0 ', 0],
	['120', 120_000],
	['86400', 86_400_000],
	['86401', 86_400_000],
	['9'.repeat(400), 86_400_000],
	['Fri, 31 Dec 9999 23:59:59 GMT', 86_400_000],
	['5 s', undefined],
	['Mon, 23 Nov 2026 12:00:07 GMT', 7000],
	['Mon, 23 Nov 2026 11:59:00 GMT', 0],
	['soon', undefined],
	['-1', undefined],
	['', undefined],
	[undefined, undefined],
])('Retry-After %p at 12:00:00 asks for a wait of %p ms', (header, expected) => {
	expect(retryAfterMs(header, NOW_MS)).toBe(expected);
});

it.each([
	[1, 0, 500],
	[1, 1, 1000],
	[2, 0.5, 1500],
	[4, 1, 8000],
	[20, 1, 30000],
	[20, 0, 15000],
])(
	'The pause after 429 number %i with the random number %p lasts %i ms',
	(refusals, random, ms) => {
		expect(backoffDelayMs(refusals, random)).toBe(ms);
	},
);
