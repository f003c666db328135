import { addressRange } from '../../../nodes/Calltouch/values/ipAddress';

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
])('%s contains %s', (range, address) => {
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
])('%s does not contain %j', (range, address) => {
	expect(rangeOf(range).contains(address)).toBe(false);
});

it.each([
	'',
	'localhost',
	'256.0.0.1',
	'1.2.3',
	'1.2.3.4.5',
	'1.2.3.4/33',
	'1.2.3.4/',
	'a1.2.3.4',
	'1.2.3.4 a',
	'01.2.3.4',
	'::1::',
	'2001:db8::/32',
	...[':', ':::::', '1:2', 'fe80:', '::1::2', '1:.', '12345::'],
	'::1]/',
	'::1]/a',
])('%j is rejected with a message that names the accepted forms', (text) => {
	expect(() => rangeOf(text)).toThrow(/contains an invalid IP address or range/);
});

it('A rejected entry is shown with the advice that host names are not possible', () => {
	const advice =
		'Enter addresses such as 92.118.66.10 or IPv4 ranges such as 92.118.66.0/23, separated by commas. Host names are not supported.';
	expect(() => rangeOf('localhost')).toThrow(expect.objectContaining({ advice }) as Error);
});
