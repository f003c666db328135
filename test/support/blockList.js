// @ts-check
const { BlockList, isIPv6 } = require('node:net');

/** @param {string} address */
const family = (address) => (isIPv6(address) ? 'ipv6' : 'ipv4');

/**
 * Whether a range contains an address, according to Node.
 *
 * @param {string} range an address, or an IPv4 range such as 92.118.66.0/23
 * @param {string} address
 */
function nodeFindsIn(range, address) {
	const list = new BlockList();
	const [base = '', bits] = range.split('/');
	if (bits === undefined) list.addAddress(base, family(base));
	else list.addSubnet(base, Number(bits), 'ipv4');
	return list.check(address, family(address));
}

module.exports = { nodeFindsIn };
