import { downloadRecording as endpoint, recordingIn } from '../../api/recordings';
import { required, singleLine, type ItemFields } from '../../values/field';
import { fileName } from '../../values/fileName';
import { calltouchId } from '../../values/identifier';
import { idOrNull } from '../../values/record';
import { name } from '../../values/text';
import { idOrList } from '../idOrList';
import type { DownloadPlan, Operation, RunSettings } from '../operation';
import { MAX_WAIT, OPTIONS, TIMEOUT } from '../options';
import { SITE_ID, siteOf } from '../site';

/** Downloads the recording of a call as a file. */
export const downloadRecording: Operation = {
	option: {
		name: 'Download Recording',
		value: 'downloadRecording',
		action: 'Download call recording',
		description:
			'Download the audio recording of a call as a file, for example to transcribe it. An AI agent gets only the name, type and size of the file.',
	},
	properties: [
		{
			displayName: 'Call ID',
			name: 'callId',
			...idOrList('searchCalls', 'e.g. 32496964'),
			required: true,
			description:
				'ID of the call in Calltouch, digits only. Get Many and the trigger return it as callId. The list shows the calls from the last 7 days; you can search it by phone number.',
			hint: 'The recording becomes available a few minutes after the call ends',
		},
		{
			displayName: 'Put Output File in Field',
			name: 'binaryPropertyName',
			type: 'string',
			required: true,
			default: 'data',
			placeholder: 'e.g. data',
			description: 'Name of the binary field that will contain the file',
			hint: 'The name of the output binary field to put the file in',
		},
		{
			...OPTIONS,
			options: [
				{
					displayName: 'File Name',
					name: 'fileName',
					type: 'string',
					default: '',
					placeholder: 'e.g. call-32496964.mp3',
					description:
						'Name of the file, including its extension. If empty, the file is named after the call ID, for example call-32496964.mp3. The node removes slashes.',
				},
				MAX_WAIT,
				SITE_ID,
				TIMEOUT,
			],
		},
	],
	itemName: (fields) => {
		const callId = calltouchId(fields.field('callId'));
		return callId === undefined ? undefined : `call ${singleLine(callId)}`;
	},
	plan,
};

function plan(fields: ItemFields, settings: RunSettings): DownloadPlan {
	const siteId = siteOf(fields, settings);
	const callId = required(fields.field('callId'), calltouchId);
	const outputField = required(fields.field('binaryPropertyName'), name);
	const givenName = fileName(fields.fieldIn('options', 'fileName'));
	const file = givenName ?? `call-${callId}.mp3`;
	return {
		kind: 'download',
		request: { endpoint, siteId, callId, parameters: [] },
		outputField,
		toFile: (response) => {
			const { bytes, mimeType } = recordingIn(response);
			const json = {
				callId: idOrNull(callId),
				fileName: file,
				mimeType,
				fileSize: bytes.length,
			};
			return { bytes, fileName: file, mimeType, json };
		},
	};
}
