import { addressOf, hasLongAddress } from '../../../nodes/Calltouch/api/address';
import type { ApiRequest } from '../../../nodes/Calltouch/api/endpoint';
import { registerOrder, updateOrder } from '../../../nodes/Calltouch/api/orders';
import { downloadRecording } from '../../../nodes/Calltouch/api/recordings';

const PATH = '/calls-service/RestAPI/orders/update-by-id/';
/** A request whose URL has this length, including the token. */
const ADDRESS_BYTES = 8_000;
const TOKEN_BYTES = 80;

function requestOf(comment: string, endpoint = updateOrder): ApiRequest {
	return { endpoint, parameters: [['comment', comment]] };
}

const withAddressOf = (bytes: number) =>
	requestOf('x'.repeat(bytes - TOKEN_BYTES - `${PATH}?comment=`.length));

it('A URL has the path and the parameters, and encodes blanks and plus signs differently', () => {
	expect(addressOf(requestOf('a + b'))).toBe(`${PATH}?comment=a%20%2B%20b`);
});

it('A URL is too long above 8,000 bytes, including the token', () => {
	expect(hasLongAddress(withAddressOf(ADDRESS_BYTES))).toBe(false);
	expect(hasLongAddress(withAddressOf(ADDRESS_BYTES + 1))).toBe(true);
});

it('A Cyrillic letter takes six bytes of a URL', () => {
	expect(hasLongAddress(requestOf('ж'.repeat(1_300)))).toBe(false);
	expect(hasLongAddress(requestOf('ж'.repeat(1_330)))).toBe(true);
});

it('A form never makes a URL too long', () => {
	expect(hasLongAddress(requestOf('x'.repeat(100_000), registerOrder))).toBe(false);
});

describe('Address of a recording', () => {
	const download: ApiRequest = {
		endpoint: downloadRecording,
		siteId: '10001',
		callId: '32496964',
		parameters: [],
	};

	it('has the IDs of the site and of the call in its path, and no query', () => {
		expect(addressOf(download)).toBe(
			'/calls-service/RestAPI/10001/calls-diary/calls/32496964/download',
		);
	});

	it('is the target of a redirect', () => {
		const redirectedTo = 'https://api-node1.calltouch.ru/a?b=c+d';
		expect(addressOf({ ...download, redirectedTo })).toBe(redirectedTo);
	});
});
