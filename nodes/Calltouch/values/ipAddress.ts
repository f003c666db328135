import { invalidField, quoted, type Field } from './field';

/** The addresses from which webhooks are accepted. */
export interface AddressRange {
	/** Whether the range contains an address that Node.js has reported. */
	contains(address: string): boolean;
}

const MAPPED_IPV4 = /^::ffff:(?=[\d.]+$)/i;
const BYTE = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4_RANGE = new RegExp(`^(${BYTE}(?:\\.${BYTE}){3})(?:/(3[0-2]|[12]?\\d))?$`);

/**
 * Returns the addresses of an IPv4 range (`92.118.66.0/23`), or a single address.
 *
 * @throws {InvalidFieldError} for anything else
 */
export function addressRange(field: Field, text: string): AddressRange {
	const [, base, bits = '32'] = IPV4_RANGE.exec(text.replace(MAPPED_IPV4, '')) ?? [];
	if (base !== undefined) {
		const size = 2 ** (32 - Number(bits));
		const network = Math.floor(numberOf(base) / size);
		return {
			contains: (address) => {
				const ipv4 = address.replace(MAPPED_IPV4, '');
				return IPV4_RANGE.test(ipv4) && Math.floor(numberOf(ipv4) / size) === network;
			},
		};
	}
	const ipv6 = canonicalIpv6(text);
	if (ipv6 === undefined) {
		throw invalidField(
			field,
			`contains an invalid IP address or range: ${quoted(text)}`,
			'Enter addresses such as 92.118.66.10 or IPv4 ranges such as 92.118.66.0/23, separated by commas. Host names are not supported.',
		);
	}
	return { contains: (address) => canonicalIpv6(address) === ipv6 };
}

function numberOf(ipv4: string): number {
	return ipv4.split('.').reduce((number, byte) => number * 256 + Number(byte), 0);
}

/** Returns the canonical form of an IPv6 address; undefined if the address is invalid. */
function canonicalIpv6(address: string): string | undefined {
	const [text = ''] = address.split('%', 1);
	if (!/^[\da-f:.]+$/i.test(text)) return undefined;
	try {
		return new URL(`http://[${text}]/`).hostname;
	} catch {
		return undefined;
	}
}
