import { addressOf, hasLongAddress } from '../../../nodes/Calltouch/api/address';
import type { ApiRequest } from '../../../nodes/Calltouch/api/endpoint';
import { registerOrder, updateOrder } from '../../../nodes/Calltouch/api/orders';
import { downloadRecording } from '../../../nodes/Calltouch/api/recordings';

const PATH = '/calls-service/RestAPI/orders/update-by-id/';
const ADDRESS_BYTES = 8_000;
const TOKEN_BYTES = 80;

function requestOf(comment: string, endpoint = updateOrder): ApiRequest {
	return { endpoint, parameters: [['comment', comment]] };
}

/** A request with a URL of this length, including the token. */
const withAddressOf = (bytes: number) =>
	requestOf('x'.repeat(bytes - TOKEN_BYTES - `${PATH}?comment=`.length));

it('A URL contains the path and the parameters, with blanks and plus signs encoded differently', () => {
	expect(addressOf(requestOf('a + b'))).toBe(`${PATH}?comment=a%20%2B%20b`);
});

it('A URL of more than 8,000 bytes, including the token, is too long', () => {
	expect(hasLongAddress(withAddressOf(ADDRESS_BYTES))).toBe(false);
	expect(hasLongAddress(withAddressOf(ADDRESS_BYTES + 1))).toBe(true);
});

it('A Cyrillic letter takes up six bytes in a URL', () => {
	expect(hasLongAddress(requestOf('ж'.repeat(1_300)))).toBe(false);
	expect(hasLongAddress(requestOf('ж'.repeat(1_330)))).toBe(true);
});

it('Parameters in a form never make the URL too long', () => {
	expect(hasLongAddress(requestOf('x'.repeat(100_000), registerOrder))).toBe(false);
});

describe('The address of a recording', () => {
	const download: ApiRequest = {
		endpoint: downloadRecording,
		siteId: '10001',
		callId: '32496964',
		parameters: [],
	};

	it('contains the site ID and the call ID in its path and has no query', () => {
		expect(addressOf(download)).toBe(
			'/calls-service/RestAPI/10001/calls-diary/calls/32496964/download',
		);
	});

	it('is the target address after a redirect', () => {
		const redirectedTo = 'https://api-node1.calltouch.ru/a?b=c+d';
		expect(addressOf({ ...download, redirectedTo })).toBe(redirectedTo);
	});
});
