import type { Endpoint } from './endpoint';
import { parseJson } from './json';
import { readCalls } from './reading';
import type { ApiResponse, ReceivedFile } from './request';

/** The recording of a call. */
export interface Recording {
	bytes: Buffer;
	/** For example `audio/mpeg`. */
	mimeType: string;
}

const MPEG = 'audio/mpeg';
const LAYERS_2_AND_3 = [1, 2];
const AUDIO_TYPE = /^\s*(audio\/[^\s;,]+)/i;
const WAIT =
	"Recordings become available in Calltouch a few minutes after the call ends. Execute the workflow again later, or add a Wait node before this one. If the download still fails, check 'Call ID' and 'Site ID'. A call that nobody answered has no recording.";
const TOO_SLOW =
	"Execute the workflow again later. A long recording may need more time: increase 'Timeout (Milliseconds)' under 'Options'.";

/** Downloads the recording of a call (docs/calltouch-api.md, Recordings). */
export const downloadRecording: Endpoint = {
	name: 'calls-diary/calls/download',
	path: '/calls-service/RestAPI/{siteId}/calls-diary/calls/{callId}/download',
	httpMethod: 'GET',
	encoding: 'query',
	token: 'parameter',
	isIdempotent: true,
	isReadOnly: true,
	isFile: true,
	isDoneWhenNotFound: false,
	action: 'download the recording',
	result: 'the recording was downloaded',
	record: 'recording',
	volatile: [],
	notFound: 'Calltouch returned no recording of this call',
	parseResponse: (words, _parameters, file) => {
		const recording = file && recordingOf(file, words);
		return recording && { recording };
	},
	advice: { ...readCalls.advice, rejected: WAIT, notFound: WAIT, tooSlow: TOO_SLOW },
};

/** The recording in a response to {@link downloadRecording}. */
export function recordingIn({ recording }: ApiResponse): Recording {
	return recording as Recording;
}

/**
 * The recording, if the bytes have an audio signature or the content type is audio.
 *
 * @param words the file as text; empty if it is not text
 * @returns undefined for any other file, even for JSON, a web page or text labeled as audio
 */
function recordingOf({ bytes, contentType }: ReceivedFile, words: string): Recording | undefined {
	const [, declared] = AUDIO_TYPE.exec(contentType) ?? [];
	const isAudio = words === '' && !isText(bytes);
	const mimeType = typeBySignature(bytes) ?? (isAudio ? declared?.toLowerCase() : undefined);
	return bytes.length > 0 && mimeType !== undefined ? { bytes, mimeType } : undefined;
}

function typeBySignature(bytes: Buffer): string | undefined {
	const beginning = bytes.toString('latin1', 0, 4);
	// In audio files, a version number follows `ID3`. Text can have a letter there instead.
	if (/^ID3\p{Cc}/u.test(beginning) || isMpegFrame(bytes)) return MPEG;
	if (beginning === 'RIFF') return 'audio/wav';
	return beginning === 'OggS' ? 'audio/ogg' : undefined;
}

/** Whether the bytes begin with the header of an MPEG frame without reserved values. */
function isMpegFrame([sync = 0, versionAndLayer = 0, rates = 0xff]: Buffer): boolean {
	const isSync = sync === 0xff && versionAndLayer >= 0xe0;
	const version = (versionAndLayer >> 3) & 3;
	const layer = (versionAndLayer >> 1) & 3;
	const [bitRate, sampleRate] = [rates >> 4, (rates >> 2) & 3];
	// Recordings never use layer I, whose header would also match a UTF-16 byte order mark.
	return (
		isSync && version !== 1 && LAYERS_2_AND_3.includes(layer) && bitRate !== 15 && sampleRate !== 3
	);
}

/**
 * Whether the bytes are a web page or JSON. Only bytes that begin like JSON are decoded in full.
 */
function isText(bytes: Buffer): boolean {
	const beginning = bytes.toString('utf8', 0, 100).trimStart();
	if (/^<[!?a-z]/i.test(beginning)) return true;
	return /^[[{]/.test(beginning) && parseJson(bytes.toString().trimStart()) !== undefined;
}
