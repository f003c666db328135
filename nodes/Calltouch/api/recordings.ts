import type { Endpoint } from './endpoint';
import { parseJson } from './json';
import { readCalls } from './reading';
import type { ApiResponse, ReceivedFile } from './request';

/** The recording of a call. */
export interface Recording {
	bytes: Buffer;
	/** Such as `audio/mpeg`. */
	mimeType: string;
}

const MPEG = 'audio/mpeg';
const LAYERS_2_AND_3 = [1, 2];
const AUDIO_TYPE = /^\s*(audio\/[^\s;,]+)/i;
const WAIT =
	"Calltouch has a recording a few minutes after the call ends. Execute the workflow again later, or add a Wait node before this one. If it still fails, check 'Call ID' and 'Site ID': a call that nobody answered has no recording.";

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
	parseResponse: (_body, _parameters, file) => {
		const recording = file && recordingOf(file);
		return recording && { recording };
	},
	advice: { ...readCalls.advice, rejected: WAIT, notFound: WAIT },
};

/** The recording of a response to {@link downloadRecording}. */
export function recordingIn({ recording }: ApiResponse): Recording {
	return recording as Recording;
}

/**
 * The recording that a file is: one with the signature of audio, or one with an audio content type.
 *
 * @returns undefined for anything else, also for JSON or a web page under an audio content type
 */
function recordingOf({ bytes, contentType }: ReceivedFile): Recording | undefined {
	const [, declared] = AUDIO_TYPE.exec(contentType) ?? [];
	const mimeType = typeBySignature(bytes) ?? (isText(bytes) ? undefined : declared?.toLowerCase());
	return bytes.length > 0 && mimeType !== undefined ? { bytes, mimeType } : undefined;
}

function typeBySignature(bytes: Buffer): string | undefined {
	const beginning = bytes.toString('latin1', 0, 4);
	// The version follows, which is no letter: a text can begin with the same three.
	if (/^ID3\p{Cc}/u.test(beginning) || isMpegFrame(bytes)) return MPEG;
	if (beginning === 'RIFF') return 'audio/wav';
	return beginning === 'OggS' ? 'audio/ogg' : undefined;
}

/** Whether the bytes begin with the header of an MPEG frame with no reserved value in it. */
function isMpegFrame([sync = 0, versionAndLayer = 0, rates = 0xff]: Buffer): boolean {
	const isSync = sync === 0xff && versionAndLayer >= 0xe0;
	const version = (versionAndLayer >> 3) & 3;
	const layer = (versionAndLayer >> 1) & 3;
	const [bitRate, sampleRate] = [rates >> 4, (rates >> 2) & 3];
	// Layer I is never used for recordings, and would let a byte order mark of UTF-16 pass.
	return (
		isSync && version !== 1 && LAYERS_2_AND_3.includes(layer) && bitRate !== 15 && sampleRate !== 3
	);
}

/** Whether the bytes are a web page or JSON. Only what begins so is decoded. */
function isText(bytes: Buffer): boolean {
	const beginning = bytes.toString('utf8', 0, 100).trimStart();
	if (/^<[!?a-z]/i.test(beginning)) return true;
	return /^[[{]/.test(beginning) && parseJson(bytes.toString().trimStart()) !== undefined;
}
