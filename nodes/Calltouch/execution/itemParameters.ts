import type {
	IDataObject,
	IExecuteFunctions,
	IGetNodeParameterOptions,
	INodeProperties,
} from 'n8n-workflow';

import { DEFAULT_MAX_WAIT_S, DEFAULT_TIMEOUT_MS } from '../actions/options';
import type { TimeLimits } from '../transport/sendWithRetry';
import {
	isBlank,
	invalidField,
	InvalidFieldError,
	quoted,
	type Field,
	type ItemFields,
} from '../values/field';
import { identifier } from '../values/identifier';
import { text } from '../values/text';

/** The longest that a timer can wait; beyond, it would go off at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** Gives the fields of an item, under the labels that an operation's properties have. */
export type FieldsOf = (properties: INodeProperties[], itemIndex: number) => ItemFields;

/** Reads the parameters of the items of one run, with their expressions resolved. */
export function parameterReader(context: IExecuteFunctions): FieldsOf {
	const constants = new Map<string, unknown>();
	const expressions = new Set<string>();
	return (properties, itemIndex) => {
		const resolved = new Map<string, unknown>();
		const read = (name: string): unknown => {
			if (constants.has(name)) return constants.get(name);
			if (resolved.has(name)) return resolved.get(name);
			const value = readParameter(context, name, itemIndex);
			if (expressions.has(name) || !isConstant(context, name)) {
				expressions.add(name);
				resolved.set(name, value);
			} else {
				constants.set(name, value);
			}
			return value;
		};
		const group = (collection: string) =>
			groupIn({ label: labelOf(properties, collection), value: read(collection) });
		return {
			field: (name) => ({ label: labelOf(properties, name), value: read(name) }),
			fieldIn: (collection, name) => {
				const { options = [] } = properties.find((property) => property.name === collection) ?? {};
				const label = labelOf(options as INodeProperties[], name);
				return { label, value: group(collection)[name] };
			},
			added: (collection) => Object.keys(group(collection)),
			isExpression: (name) => !isConstant(context, name),
		};
	};
}

/** The order number of an item that failed; undefined where it has none that can be read. */
export function orderNumberOf(context: IExecuteFunctions, itemIndex: number): string | undefined {
	try {
		const value = readParameter(context, 'orderNumber', itemIndex);
		return identifier({ label: '', value });
	} catch {
		return undefined;
	}
}

function readParameter(
	context: IExecuteFunctions,
	name: string,
	itemIndex: number,
	options?: IGetNodeParameterOptions,
): unknown {
	// n8n throws for a missing parameter unless a fallback is given; null counts as empty.
	return context.getNodeParameter(name, itemIndex, null, options);
}

/** Whether a parameter holds no expression, and so is the same for all items. */
function isConstant(context: IExecuteFunctions, name: string): boolean {
	const written = readParameter(context, name, 0, { rawExpressions: true });
	return !JSON.stringify(written).includes('"=');
}

/** The values of a collection; an expression in its place can come out as anything. */
function groupIn(field: Field): IDataObject {
	const { value } = field;
	if (isBlank(value)) return {};
	if (typeof value !== 'object' || Array.isArray(value)) {
		throw invalidField(
			field,
			`is not a group of fields: ${quoted(value)}`,
			"Add the fields one by one with the button below it, or let the expression give an object such as { manager: 'Olga' }.",
		);
	}
	return value as IDataObject;
}

function labelOf(properties: INodeProperties[], name: string): string {
	return properties.find((property) => property.name === name)?.displayName ?? name;
}

/**
 * The waiting times of the item's options.
 *
 * @throws {InvalidFieldError} when one of them is not a number in its range.
 */
export function readTimeLimits(fields: ItemFields): TimeLimits {
	const timeout = fields.fieldIn('options', 'timeout');
	const maxWait = fields.fieldIn('options', 'maxWait');
	const timeoutMs = numberOr(DEFAULT_TIMEOUT_MS, timeout);
	const maxWaitS = numberOr(DEFAULT_MAX_WAIT_S, maxWait);
	if (timeoutMs < 1 || timeoutMs > MAX_TIMEOUT_MS) {
		throw outOfRange(timeout, `a number of milliseconds from 1 to ${MAX_TIMEOUT_MS}`);
	}
	if (maxWaitS < 0) throw outOfRange(maxWait, 'a number of seconds, 0 or more');
	return { timeoutMs, maxWaitMs: maxWaitS * 1000 };
}

function numberOr(defaultNumber: number, field: Field): number {
	const given = text(field);
	if (given === undefined) return defaultNumber;
	const number = Number(given);
	if (!Number.isFinite(number)) throw outOfRange(field, 'a number');
	return number;
}

function outOfRange(field: Field, wanted: string): InvalidFieldError {
	return invalidField(
		field,
		`must be ${wanted}, but is ${quoted(field.value)}`,
		'Enter such a number, or remove the option.',
	);
}
