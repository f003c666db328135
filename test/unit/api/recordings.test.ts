import { downloadRecording, recordingIn } from '../../../nodes/Calltouch/api/recordings';

const bytesOf = (...parts: Array<string | number[]>) =>
	Buffer.concat(
		parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'utf8') : Buffer.from(part))),
	);
const read = (bytes: Buffer, contentType = '') => {
	const response = downloadRecording.parseResponse('', [], { bytes, contentType });
	return response && recordingIn(response);
};
const MPEG_FRAME = [0xff, 0xfb, 0x90, 0x00];
const OCTETS = 'application/octet-stream';

it.each<[string, Buffer, string]>([
	['an ID3 tag', bytesOf('ID3', [3, 0, 0]), 'audio/mpeg'],
	['an MPEG-1 Layer III frame', bytesOf(MPEG_FRAME), 'audio/mpeg'],
	['an MPEG-2 Layer III frame', bytesOf([0xff, 0xf3, 0x44, 0xc4]), 'audio/mpeg'],
	['an MPEG-2.5 Layer III frame', bytesOf([0xff, 0xe3, 0x18, 0xc4]), 'audio/mpeg'],
	['an MPEG-1 Layer II frame', bytesOf([0xff, 0xfd, 0x44, 0x00]), 'audio/mpeg'],
	['RIFF', bytesOf('RIFF', [36, 0, 0, 0], 'WAVEfmt '), 'audio/wav'],
	['OggS', bytesOf('OggS', [0, 2]), 'audio/ogg'],
])('A file that begins with %s is a recording, whatever its content type', (_what, bytes, type) => {
	for (const contentType of ['', OCTETS, 'text/html', 'application/json']) {
		expect(read(bytes, contentType)).toEqual({ bytes, mimeType: type });
	}
});

it.each([
	['audio/mpeg', 'audio/mpeg'],
	['Audio/X-WAV; charset=binary', 'audio/x-wav'],
	[' audio/amr', 'audio/amr'],
])(
	'Bytes without a known signature are a recording if the content type is %j',
	(type, expected) => {
		const bytes = bytesOf([0, 1, 2, 3]);
		expect(read(bytes, type)).toEqual({ bytes, mimeType: expected });
	},
);

it('The signature takes precedence over the content type', () => {
	expect(read(bytesOf('OggS'), 'audio/mpeg')?.mimeType).toBe('audio/ogg');
});

it.each(['{', '[', '<'])(
	'Bytes that begin with %j but are not text are a recording if the content type is audio',
	(sign) => {
		expect(read(bytesOf(sign, [0, 1, 0xff]), 'audio/basic')?.mimeType).toBe('audio/basic');
	},
);

it.each<[string, Buffer]>([
	['an empty body', bytesOf('')],
	['JSON', bytesOf('{"message":"No recording"}')],
	['a list in JSON', bytesOf(' [1]')],
	['JSON after a byte order mark', bytesOf([0xef, 0xbb, 0xbf], '{}')],
	['a web page after a byte order mark', bytesOf([0xef, 0xbb, 0xbf], '<html>')],
	['XML', bytesOf('<?xml version="1.0"?>')],
	['a web page', bytesOf('\n<!doctype html><title>x</title>')],
])('%s is not a recording, even if the content type is audio', (_what, bytes) => {
	for (const type of ['', OCTETS, 'audio/mpeg']) expect(read(bytes, type)).toBeUndefined();
});

it.each<[string, Buffer]>([
	['plain text', bytesOf('No recording')],
	['text that begins with ID3', bytesOf('ID3 is a tag')],
	['a megabyte of identical bytes', Buffer.alloc(1024 * 1024, 7)],
	['a PNG file', bytesOf([0x89], 'PNG')],
	['text in UTF-16', bytesOf([0xff, 0xfe, 0x7b, 0x00])],
	['a frame with a reserved version', bytesOf([0xff, 0xeb, 0x90])],
	['a frame with a reserved layer', bytesOf([0xff, 0xf9, 0x90])],
	['a frame with an impossible bit rate', bytesOf([0xff, 0xfb, 0xf0])],
	['a frame with an impossible sample rate', bytesOf([0xff, 0xfb, 0x9c])],
	['an incomplete frame header', bytesOf([0xff, 0xfb])],
	['a frame with a wrong first byte', bytesOf([0xfe, 0xfb, 0x90])],
])('%s is not a recording if the content type is not audio', (_what, bytes) => {
	for (const type of ['', OCTETS, 'text/plain', 'x-audio/mpeg', 'audio/'])
		expect(read(bytes, type)).toBeUndefined();
});

it('A response that contains text but no file is not a recording', () => {
	expect(downloadRecording.parseResponse('ID3\u0003', [])).toBeUndefined();
});
