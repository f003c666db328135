import { flag } from '../../../nodes/Calltouch/values/flag';

const flagOf = (value: unknown) => flag({ label: 'Simplify', value });

it.each([
	[true, true],
	[false, false],
	['true', true],
	[' False ', false],
	['TRUE', true],
	['\u200Btrue', true],
	['', undefined],
	[null, undefined],
	[undefined, undefined],
])('The flag %j is read as %j', (value, expected) => {
	expect(flagOf(value)).toBe(expected);
});

it.each(['yes', 1, 0, 'truefalse', {}])(
	'The flag %j is rejected with advice that lists the accepted values',
	(value) => {
		expect(() => flagOf(value)).toThrow(
			expect.objectContaining({
				message: expect.stringContaining("'Simplify' is neither true nor false: ") as string,
				advice: 'Use true or false.',
			}) as Error,
		);
	},
);
