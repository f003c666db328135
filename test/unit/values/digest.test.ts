import fc from 'fast-check';

import { digest } from '../../../nodes/Calltouch/values/digest';
import { SEED } from '../../support/testLength';

it('The digest of a string is the same in every version of the node, because n8n compares it with stored digests', () => {
	expect(['', 'a', 'call 100001', 'Звонок'].map(digest)).toEqual([
		'woeuaud026',
		'qspu04olek',
		'wa5tbi4w7m',
		'21i2awngcrj',
	]);
});

it('Strings that differ in one character have different digests', () => {
	fc.assert(
		fc.property(fc.string({ minLength: 1 }), fc.nat(), (text, place) => {
			const index = place % text.length;
			const other = String.fromCharCode(text.charCodeAt(index) ^ 1);
			const changed = text.slice(0, index) + other + text.slice(index + 1);
			expect(digest(changed)).not.toBe(digest(text));
		}),
		{ seed: SEED },
	);
});
