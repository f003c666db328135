import { NodeApiError, NodeOperationError, type INode } from 'n8n-workflow';

import { cancelledError, errorText, toNodeError } from '../nodes/Calltouch/execution/nodeError';
import { CalltouchApiError } from '../nodes/Calltouch/transport/calltouchApiError';
import { InvalidFieldError } from '../nodes/Calltouch/values/field';

const NODE: INode = {
	id: '1',
	name: 'Calltouch',
	type: 'n8n-nodes-calltouch.calltouch',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

describe("an item's error", () => {
	it('is one of the API for a failed request, with its status', () => {
		const error = toNodeError(NODE, new CalltouchApiError('It broke', 'Mend it.', 503), 2);
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error).toMatchObject({
			message: 'It broke [item 2]',
			description: 'Mend it.',
			httpCode: '503',
			context: { itemIndex: 2 },
		});
	});

	it('is one of the operation for a value that can not be sent', () => {
		const error = toNodeError(NODE, new InvalidFieldError("'Budget' has no value", 'Give one.'), 0);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error).toMatchObject({
			message: "'Budget' has no value [item 0]",
			description: 'Give one.',
			context: { itemIndex: 0 },
		});
	});

	it.each([
		[new Error('unforeseen'), 'unforeseen [item 1]'],
		['a text', 'a text [item 1]'],
	])('is one of the operation for whatever else is thrown: %s', (thrown, message) => {
		const error = toNodeError(NODE, thrown, 1);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error.message).toBe(message);
		expect(error.description ?? undefined).toBeUndefined();
	});

	it('keeps a message that holds what n8n takes for a code', () => {
		const failure = new CalltouchApiError('No "supEPERManent", no ENOENT', 'Mend it.');
		expect(toNodeError(NODE, failure, 0).message).toBe('No "supEPERManent", no ENOENT [item 0]');
	});

	it('is one text for an error item', () => {
		const told = toNodeError(NODE, new CalltouchApiError('It broke', 'Mend it.'), 2);
		expect(errorText(told)).toBe('It broke [item 2]. Mend it.');
		expect(errorText(toNodeError(NODE, new Error('Oh'), 2))).toBe('Oh [item 2]');
	});

	it('is known by its word when the execution was cancelled', () => {
		const error = cancelledError(NODE, 3);
		expect(error.message).toBe('The execution was canceled [item 3]');
		expect(error.context).toMatchObject({ itemIndex: 3 });
	});
});
