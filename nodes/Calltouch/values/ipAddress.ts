import { invalidField, quoted, type Field } from './field';
import { listOf } from './tags';

/** Addresses from which requests are taken. */
export interface AddressRange {
	/** Whether an address, as Node gives it, is one of them. */
	contains(address: string): boolean;
}

const MAPPED_IPV4 = /^::ffff:(?=[\d.]+$)/i;
const BYTE = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4_RANGE = new RegExp(`^(${BYTE}(?:\\.${BYTE}){3})(?:/(3[0-2]|[12]?\\d))?$`);
const IPV6 = /^[\da-f:]*:[\da-f:.]*$/i;

/**
 * The addresses and IPv4 ranges (`92.118.66.0/23`) of a comma-separated text or of an array.
 *
 * @throws {InvalidFieldError} for anything else, and for a list without any.
 */
export function addressRanges(field: Field): AddressRange[] {
	const texts = listOf(field).filter((text) => text !== '');
	if (texts.length === 0) {
		throw invalidField(field, 'has no value', 'Enter an address, or remove the option.');
	}
	return texts.map((text) => addressRange(field, text));
}

function addressRange(field: Field, text: string): AddressRange {
	const [, base, bits = '32'] = IPV4_RANGE.exec(text) ?? [];
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
	if (!IPV6.test(text)) {
		throw invalidField(
			field,
			`holds something that is no IP address: ${quoted(text)}`,
			'Give addresses such as 92.118.66.10 or ranges such as 92.118.66.0/23, separated by commas.',
		);
	}
	return { contains: (address) => address.toLowerCase() === text.toLowerCase() };
}

function numberOf(ipv4: string): number {
	return ipv4.split('.').reduce((number, byte) => number * 256 + Number(byte), 0);
}
