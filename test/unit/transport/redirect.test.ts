import { downloadRecording } from '../../../nodes/Calltouch/api/recordings';
import { readCalls } from '../../../nodes/Calltouch/api/reading';
import type { ApiRequest } from '../../../nodes/Calltouch/api/endpoint';
import { redirectedRequest } from '../../../nodes/Calltouch/transport/redirect';
import type { HttpResult } from '../../../nodes/Calltouch/transport/sendOnce';
import { ACCOUNT, TOKEN } from '../../support/scriptedHelper';

const DOWNLOAD: ApiRequest = {
	...{ endpoint: downloadRecording, parameters: [] },
	...{ siteId: '10001', callId: '7' },
};
const CALLTOUCH = 'https://api.calltouch.ru';
const SIMULATOR = 'http://127.0.0.1:8089';

function follow(
	location: string | undefined,
	{ request = DOWNLOAD, status = 302, origin = CALLTOUCH } = {},
) {
	const result: HttpResult = { kind: 'answered', status, retryAfter: '', body: '', location };
	return redirectedRequest(request, result, { ...ACCOUNT, origin });
}

it.each([
	['https://api-node1.calltouch.ru/a.mp3?key=1', 'https://api-node1.calltouch.ru/a.mp3?key=1'],
	['https://calltouch.ru/a', 'https://calltouch.ru/a'],
	['//cdn.calltouch.ru/a', 'https://cdn.calltouch.ru/a'],
	['/files/a.mp3', `${CALLTOUCH}/files/a.mp3`],
	['a.mp3', `${CALLTOUCH}/calls-service/RestAPI/10001/calls-diary/calls/7/a.mp3`],
])('A redirect to %j is followed', (location, target) => {
	expect(follow(location)?.redirectedTo).toBe(target);
});

it.each([
	undefined,
	'http://api.calltouch.ru/a.mp3',
	'https://calltouch.ru.example/a',
	'https://notcalltouch.ru/a',
	'https://calltouch.ru@evil.example/a',
	'https://user:password@api.calltouch.ru/a',
	'https://127.0.0.1/a',
	'http://localhost/a',
	'ftp://api.calltouch.ru/a',
	'file:///etc/passwd',
	'javascript:alert(1)',
	'https://[',
])('A redirect to %j is not followed', (location) => {
	expect(follow(location)).toBeUndefined();
});

it.each([
	[`${SIMULATOR}/a.mp3`, true],
	['/a.mp3', true],
	['https://cdn.calltouch.ru/a', true],
	['http://127.0.0.1:9999/a', false],
	['https://127.0.0.1:8089/a', false],
	['http://simulator/a', false],
])("A redirect from the user's own server to %j is followed: %j", (location, isFollowed) => {
	expect(follow(location, { origin: SIMULATOR }) !== undefined).toBe(isFollowed);
});

it.each([301, 302, 303, 307, 308])('HTTP %i is a redirect', (status) => {
	expect(follow('/a', { status })).toBeDefined();
});

it.each([200, 201, 300, 304, 404])(
	'HTTP %i is not a redirect, even with a Location header',
	(status) => {
		expect(follow('/a', { status })).toBeUndefined();
	},
);

it('A second redirect is not followed', () => {
	expect(follow('/b', { request: follow('/a') })).toBeUndefined();
});

it('A redirect is followed only if the request is a download', () => {
	expect(follow('/a', { request: { endpoint: readCalls, parameters: [] } })).toBeUndefined();
});

it('If a redirect repeats the token in the query, the token is removed', () => {
	const location = `/a?clientApiId=${encodeURIComponent(TOKEN)}&key=1`;
	expect(follow(location)?.redirectedTo).toBe(`${CALLTOUCH}/a?key=1`);
});

it('A redirect that contains the token anywhere but in the parameter clientApiId is not followed', () => {
	const token = encodeURIComponent(TOKEN);
	for (const location of [`/a/${token}`, `/a?key=${token}`, `/a#${token}`]) {
		expect(follow(location)).toBeUndefined();
	}
});

it('A query without the token stays unchanged, byte for byte', () => {
	expect(follow('/a?key=x%20y%2Bz')?.redirectedTo).toBe(`${CALLTOUCH}/a?key=x%20y%2Bz`);
});
