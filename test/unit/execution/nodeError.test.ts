import { NodeApiError, NodeOperationError, type Failure, type INode } from 'n8n-workflow';

import {
	cancelledError,
	errorText,
	toNodeError,
} from '../../../nodes/Calltouch/execution/nodeError';
import {
	CalltouchApiError,
	type FailureFacts,
} from '../../../nodes/Calltouch/transport/calltouchApiError';
import { UnresolvedExpressionError } from '../../../nodes/Calltouch/values/expression';
import { InvalidFieldError } from '../../../nodes/Calltouch/values/field';

const NODE: INode = {
	id: '1',
	name: 'Calltouch',
	type: 'n8n-nodes-calltouch.calltouch',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

const apiError = (facts: Partial<FailureFacts> = {}, message = 'It broke') =>
	new CalltouchApiError({ kind: 'noResponse', mayHaveSucceeded: true, ...facts }, () => ({
		message,
		advice: 'Mend it.',
	}));

it('A failed request becomes an API error with the status, the item and advice', () => {
	const error = toNodeError(NODE, apiError({ status: 503 }), 2);
	expect(error).toBeInstanceOf(NodeApiError);
	expect(error).toMatchObject({
		message: 'It broke [item 2]',
		description: 'Mend it.',
		httpCode: '503',
		context: { itemIndex: 2 },
	});
});

it('A failed request without a response becomes an error without a status', () => {
	const error = toNodeError(NODE, apiError(), 0) as NodeApiError;
	expect(error.httpCode ?? undefined).toBeUndefined();
});

it.each<[Partial<FailureFacts>, Failure | undefined]>([
	[{ kind: 'rateLimited', status: 429 }, { cause: 'rate-limited' }],
	[
		{ kind: 'rateLimited', retryAfterMs: 5_000 },
		{ cause: 'rate-limited', retryAfterMs: 5_000 },
	],
	[{ kind: 'notDelivered' }, { cause: 'temporarily-unavailable' }],
	[{ kind: 'noResponse' }, { cause: 'temporarily-unavailable' }],
	[{ kind: 'denied', status: 401 }, { cause: 'credential-invalid' }],
	[{ kind: 'denied', status: 403 }, { cause: 'credential-invalid' }],
	[{ kind: 'rejected', status: 400 }, undefined],
	[{ kind: 'notFound', status: 404 }, undefined],
	[{ kind: 'unexpected', status: 500 }, undefined],
	[{ kind: 'unconfirmed', status: 200 }, undefined],
	[{ kind: 'untrusted' }, undefined],
])('A request that failed as %j becomes an error with the cause %j', (facts, failure) => {
	const error = toNodeError(NODE, apiError(facts), 0);
	expect(error.failure).toEqual(failure);
});

it('An invalid value becomes an operation error with advice', () => {
	const error = toNodeError(NODE, new InvalidFieldError("'Budget' has no value", 'Give one.'), 0);
	expect(error).toBeInstanceOf(NodeOperationError);
	expect(error).toMatchObject({
		message: "'Budget' has no value [item 0]",
		description: 'Give one.',
		context: { itemIndex: 0 },
	});
});

it("An expression that n8n can't resolve becomes an operation error with n8n's own context", () => {
	const cause = Object.assign(new Error('No such node'), {
		context: { nodeCause: 'CRM', runIndex: 0 },
	});
	const error = toNodeError(NODE, new UnresolvedExpressionError('Budget', 'orderSum', cause), 3);
	expect(error).toBeInstanceOf(NodeOperationError);
	expect(error).toMatchObject({
		message: "'Budget': No such node [item 3]",
		description: "Correct the expression of 'Budget'.",
		cause,
		context: { nodeCause: 'CRM', parameter: 'orderSum', itemIndex: 3, runIndex: 0 },
	});
	expect(cause.context).toEqual({ nodeCause: 'CRM', runIndex: 0 });
});

it.each([
	[new Error('unforeseen'), 'unforeseen [item 1]'],
	['a text', 'a text [item 1]'],
])('Any other thrown value, such as %p, becomes an operation error', (thrown, message) => {
	const error = toNodeError(NODE, thrown, 1);
	expect(error).toBeInstanceOf(NodeOperationError);
	expect(error.message).toBe(message);
	expect(error.description ?? undefined).toBeUndefined();
	expect(error.context).toMatchObject({ itemIndex: 1 });
});

it('A message keeps text that n8n would treat as an error code', () => {
	const message = 'No "supEPERManent", no ENOENT';
	expect(toNodeError(NODE, apiError({}, message), 0).message).toBe(`${message} [item 0]`);
	const invalid = new InvalidFieldError(message, 'Mend it.');
	expect(toNodeError(NODE, invalid, 0).message).toBe(`${message} [item 0]`);
});

it('An error item contains the message and the advice in one string', () => {
	expect(errorText(toNodeError(NODE, apiError(), 2))).toBe('It broke [item 2]. Mend it.');
	expect(errorText(toNodeError(NODE, new Error('Oh'), 2))).toBe('Oh [item 2]');
});

it("The error for a canceled execution contains n8n's own wording", () => {
	const error = cancelledError(NODE);
	expect(error.message).toBe('The execution was canceled [item 0]');
	expect(error.context).toMatchObject({ itemIndex: 0 });
});
