import fc from 'fast-check';

import { addressRange } from '../../../nodes/Calltouch/values/ipAddress';
import { nodeFindsIn } from '../../support/blockList';
import { SEED } from '../../support/testLength';

const rangeOf = (text: string) =>
	addressRange({ label: 'Allowed IP Addresses', value: text }, text);

it.each([
	['92.118.66.0/23', '92.118.66.0'],
	['92.118.66.0/23', '92.118.67.255'],
	['92.118.66.7/23', '92.118.66.1'],
	['92.118.66.0/23', '::ffff:92.118.67.1'],
	['::ffff:92.118.66.1', '92.118.66.1'],
	['10.0.0.1', '10.0.0.1'],
	['10.0.0.1/32', '10.0.0.1'],
	['0.0.0.0/0', '255.255.255.255'],
	['128.0.0.0/1', '200.1.2.3'],
	['::1', '0:0:0:0:0:0:0:1'],
	['0:0:0:0:0:0:0:1', '::1'],
	['2001:DB8:0:0::0001', '2001:db8::1'],
	['::ffff:92.118.66.1', '92.118.66.1'],
	['2001:DB8::1', '2001:db8:0::1'],
	['fe80::1', 'fe80::1%eth0'],
	['fe80::1%eth1', 'fe80::1'],
])('The range %s contains the address %s', (range, address) => {
	expect(rangeOf(range).contains(address)).toBe(true);
});

it.each([
	['92.118.66.0/23', '92.118.65.255'],
	['92.118.66.0/23', '92.118.68.0'],
	['10.0.0.1', '10.0.0.2'],
	['10.0.0.1', '10.0.1.1'],
	['10.0.0.0/8', '11.0.0.0'],
	['0.0.0.0/0', '::1'],
	['0.0.0.0/0', ''],
	['0.0.0.0/0', '1.2.3'],
	['1::ffff:1.2.3.4', '11.2.3.4'],
	['::1', '::2'],
	['::1', ''],
	['::1', '10.0.0.1'],
])('The range %s does not contain the address %j', (range, address) => {
	expect(rangeOf(range).contains(address)).toBe(false);
});

const ipv4Of = (bytes: number) => [24, 16, 8, 0].map((shift) => (bytes >>> shift) & 255).join('.');
const ipv4 = fc.integer({ min: 0, max: 2 ** 32 - 1 });

it("An IPv4 range contains the same addresses as the same range in Node's BlockList", () => {
	const bits = fc.integer({ min: 0, max: 32 });
	const changedBit = fc.integer({ min: 0, max: 31 });
	fc.assert(
		fc.property(ipv4, bits, changedBit, (base, size, bit) => {
			const range = `${ipv4Of(base)}/${size}`;
			const address = ipv4Of(base ^ (1 << bit));
			expect(rangeOf(range).contains(address)).toBe(nodeFindsIn(range, address));
		}),
		{ seed: SEED, numRuns: 500 },
	);
});

it("Two IPv6 addresses are the same if and only if Node's BlockList treats them as the same", () => {
	const group = fc.constantFrom('0', '0000', '1', '01', 'a', 'A', 'ffff');
	const address = fc.oneof(
		fc.array(group, { minLength: 8, maxLength: 8 }).map((groups) => groups.join(':')),
		fc.tuple(group, group).map(([first, last]) => `${first}::${last}`),
		fc.constantFrom('::', '::1', '1::', '0:0:0:0:0:0:0:1', '1:0:0:0:0:0:0:0', '::0.0.0.1'),
	);
	fc.assert(
		fc.property(address, address, (one, other) => {
			expect(rangeOf(one).contains(other)).toBe(nodeFindsIn(one, other));
		}),
		{ seed: SEED, numRuns: 500 },
	);
});

it.each([
	...['', 'localhost', '256.0.0.1', '1.2.3', '1.2.3.4.5', '1.2.3.4/33', '1.2.3.4/', 'a1.2.3.4'],
	...['1.2.3.4 a', '01.2.3.4', '::1::', '2001:db8::/32'],
	...[':', ':::::', '1:2', 'fe80:', '::1::2', '1:.', '12345::'],
	'::1]/',
	'::1]/a',
])('The entry %j is rejected with a message that names the accepted forms', (text) => {
	expect(() => rangeOf(text)).toThrow(/contains an invalid IP address or range/);
});

it('The error for an invalid entry says that host names are not supported', () => {
	const advice =
		'Enter addresses such as 92.118.66.10 or IPv4 ranges such as 92.118.66.0/23, separated by commas. Host names are not supported.';
	expect(() => rangeOf('localhost')).toThrow(expect.objectContaining({ advice }) as Error);
});
