// @ts-check
/** @typedef {import('./leads').Lead} Lead */
/** @typedef {import('./orders').Answer} Answer */

/**
 * Possible responses to a request for a recording. Calltouch's own response is unknown:
 * - `at-once`: an MP3 file;
 * - `after-a-minute`: the same file, but HTTP 404 during the first minute after the call;
 * - `octet-stream`: the file with a generic content type;
 * - `missing`: HTTP 404 with a message;
 * - `web-page`, `empty`: a web page or an empty body, with HTTP 200;
 * - `another-host`: a redirect to a host that is not Calltouch's;
 * - `same-host`: a redirect to another address of the simulator, where the file is;
 * - `rate-limit`: HTTP 429.
 *
 * @typedef {'at-once' | 'after-a-minute' | 'octet-stream' | 'missing' | 'web-page' | 'empty' | 'another-host' | 'same-host' | 'rate-limit'} RecordingsKind
 */

/** @type {readonly RecordingsKind[]} */
const RECORDINGS_KINDS = [
	'at-once',
	'after-a-minute',
	'octet-stream',
	'missing',
	'web-page',
	'empty',
	'another-host',
	'same-host',
	'rate-limit',
];

const MINUTE_MS = 60_000;
const SECOND_MS = 1000;
/** Nobody owns an address under `.example`. */
const ANOTHER_HOST = 'https://recordings.example/call.mp3';
const PAGE = '<!doctype html><html><head><title>Recordings</title></head><body></body></html>';
/** If a request has this parameter, the server returns the file without checking the token. */
const REDIRECTED = 'redirected';

/** MPEG 1, Layer III, 32 kbit/s, 44.1 kHz, mono. */
const FRAME_HEADER = [0xff, 0xfb, 0x10, 0xc0];
const FRAME_BYTES = 104;
const FRAMES_PER_SECOND = 44_100 / 1152;

/**
 * A silent MP3 file that players accept, with the ID of the call in a tag.
 *
 * @param {string} callId
 * @param {number} [seconds]
 */
function mp3Of(callId, seconds = 0.1) {
	const comment = Buffer.from(`\0call ${callId}`, 'latin1');
	const title = Buffer.concat([Buffer.from('TIT2\0\0\0'), Buffer.from([comment.length, 0, 0])]);
	const size = title.length + comment.length;
	const tag = Buffer.concat([Buffer.from([0x49, 0x44, 0x33, 3, 0, 0, 0, 0, 0, size]), title]);
	const frame = Buffer.alloc(FRAME_BYTES);
	frame.set(FRAME_HEADER);
	const frames = Array(Math.max(1, Math.ceil(seconds * FRAMES_PER_SECOND))).fill(frame);
	return Buffer.concat([tag, comment, ...frames]);
}

/**
 * The response to a request for a recording. A missed call has no recording.
 *
 * @param {Lead[]} leads
 * @param {{ callId: string, parameters: Map<string, string>, path: string, nowMs: number, kind: RecordingsKind | undefined }} asked
 * @returns {Answer}
 */
function recordingOf(leads, { callId, parameters, path, nowMs, kind = 'at-once' }) {
	const call = leads.find((lead) => lead.kind === 'call' && lead.id === callId);
	if (!call || call.durationS <= 0) return missing('No recording', 'the call has no recording');
	const readyFromMs = call.timeMs + call.durationS * SECOND_MS + MINUTE_MS;
	const mp3 = { status: 200, body: mp3Of(callId), meaning: `the recording of call ${callId}` };
	switch (kind) {
		case 'missing':
			return missing('No recording', 'the call has no recording');
		case 'after-a-minute':
			return nowMs < readyFromMs
				? missing('Recording is not ready', 'the recording is not ready yet')
				: mp3;
		case 'octet-stream':
			return { ...mp3, headers: { 'content-type': 'application/octet-stream' } };
		case 'web-page':
			return { status: 200, body: PAGE, meaning: 'a web page in place of the recording' };
		case 'empty':
			return {
				status: 200,
				body: Buffer.alloc(0),
				meaning: 'an empty body in place of the recording',
			};
		case 'another-host':
			return redirect(ANOTHER_HOST);
		case 'same-host':
			return parameters.has(REDIRECTED) ? mp3 : redirect(`${path}?${REDIRECTED}=true`);
		case 'rate-limit':
			return {
				status: 429,
				body: { message: 'Too Many Requests' },
				meaning: 'rejected: the variant simulates the limit',
			};
		case 'at-once':
			return mp3;
	}
}

/** @param {string} message @param {string} meaning @returns {Answer} */
function missing(message, meaning) {
	return { status: 404, body: { message }, meaning };
}

/** @param {string} location @returns {Answer} */
function redirect(location) {
	const headers = { location };
	return { status: 302, body: Buffer.alloc(0), headers, meaning: `redirected to ${location}` };
}

module.exports = { mp3Of, recordingOf, RECORDINGS_KINDS, REDIRECTED };
