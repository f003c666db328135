import type { INodeProperties } from 'n8n-workflow';

import {
	resolveField,
	UnresolvedExpressionError,
} from '../../../nodes/Calltouch/values/expression';

const property = (name: string, displayName: string, more: object = {}): INodeProperties => ({
	name,
	displayName,
	type: 'string',
	default: '',
	...more,
});
const PROPERTIES = [
	property('orderSum', 'Budget'),
	property('options', 'Options', { options: [property('timeout', 'Timeout')] }),
	property('customFields', 'Custom Fields', {
		options: [
			{
				name: 'field',
				displayName: 'Custom Field',
				values: [property('name', 'Name'), property('value', 'Value')],
			},
		],
	}),
	property('single', 'Single', {
		options: [{ name: 'one', displayName: 'One', values: [property('value', 'Value')] }],
	}),
];

const n8nError = (context?: object, description?: string) =>
	Object.assign(new Error('Invalid expression'), { context, description });

/** The error for a saved parameter whose expressions at these paths fail. */
function errorOf(name: string, saved: unknown, failing: string[], error: unknown = n8nError()) {
	const resolve = (path: string) => {
		if (path === name || failing.includes(path)) throw error as Error;
		return 'value';
	};
	try {
		resolveField(PROPERTIES, name, resolve, () => saved);
	} catch (thrown) {
		return thrown as UnresolvedExpressionError;
	}
	throw new Error('Nothing was thrown.');
}

it('If a parameter can be resolved, its value is returned, and the saved expression is not read', () => {
	const saved = jest.fn();
	expect(resolveField(PROPERTIES, 'orderSum', () => 7, saved)).toBe(7);
	expect(saved).not.toHaveBeenCalled();
});

it.each<[string, unknown, string[], string, string]>([
	['orderSum', '=1', [], 'orderSum', 'Budget'],
	['options', { maxWait: '=1', timeout: '=2' }, ['options.timeout'], 'options.timeout', 'Timeout'],
	['options', { maxWait: '=1' }, [], 'options', 'Options'],
	['options', { unknown: '=1' }, ['options.unknown'], 'options.unknown', 'Options'],
	['options', '=1', ['options'], 'options', 'Options'],
	[
		'customFields',
		{ field: [{ name: 'a', value: '=1' }, { name: '=2', value: 3 }, null] },
		['customFields.field[1].name'],
		'customFields.field[1].name',
		'Custom Fields, row 2: Name',
	],
	['single', { one: { value: '=1' } }, ['single.one.value'], 'single.one.value', 'Single: Value'],
	['orderSum', { __rl: true, value: '=1' }, ['orderSum.value'], 'orderSum.value', 'Budget'],
	['nowhere', '=1', [], 'nowhere', 'nowhere'],
])(
	'The error for %s, saved as %j and failing at %j, names the path %s and the label %s',
	(name, saved, failing, path, label) => {
		const error = errorOf(name, saved, failing);
		expect(error.context).toMatchObject({ parameter: path });
		expect(error.message).toBe(`'${label}': Invalid expression`);
		expect(error.advice).toBe(`Correct the expression of '${label}'.`);
	},
);

it("The error has n8n's own error as its cause, with its context and description", () => {
	const cause = n8nError({ nodeCause: 'CRM', descriptionKey: 'nodeNotFound' }, 'Execute it.');
	const error = errorOf('orderSum', '=1', [], cause);
	expect(error).toMatchObject({
		name: 'UnresolvedExpressionError',
		cause,
		advice: 'Execute it.',
		context: { nodeCause: 'CRM', descriptionKey: 'nodeNotFound', parameter: 'orderSum' },
	});
});

it.each([
	['No path back to referenced node', "'Budget': No path back to referenced node"],
	['Error under ‘%%PARAMETER%%’', "'Budget': Invalid expression"],
	['', "'Budget': Invalid expression"],
])("n8n's message template %p becomes the message %p", (messageTemplate, message) => {
	const error = errorOf('orderSum', '=1', [], n8nError({ messageTemplate }));
	expect(error.message).toBe(message);
	expect(error.context).toMatchObject({ messageTemplate: undefined });
});

it('Any other thrown value becomes the message', () => {
	expect(errorOf('orderSum', '=1', [], 'a text').message).toBe("'Budget': a text");
	expect(errorOf('orderSum', '=1', [], null).message).toBe("'Budget': null");
});
