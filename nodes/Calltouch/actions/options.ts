import type { INodeProperties } from 'n8n-workflow';

import {
	invalidField,
	quoted,
	type Field,
	type InvalidFieldError,
	type ItemFields,
} from '../values/field';
import { flag } from '../values/flag';
import { text } from '../values/text';

/** The address of the documentation for the fields. */
export const FIELDS_DOCS =
	'https://github.com/n8n-nodes-calltouch/n8n-nodes-calltouch/blob/main/docs/fields.md';

/** The hint below every date field. */
export const DATE_HINT =
	"Type dates as 2026-11-23 14:30:00; n8n ignores other formats. Dates without a time zone use the workflow's time zone.";

/** The option for a short output that always has the same keys. */
export const SIMPLIFY: INodeProperties = {
	displayName: 'Simplify',
	name: 'simple',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

/**
 * Whether 'Simplify' is on, as it is by default.
 *
 * @throws {InvalidFieldError} for anything but true or false
 */
export function isSimplified(fields: ItemFields): boolean {
	return flag(fields.field('simple')) ?? true;
}

/** The longest delay that a timer accepts; a timer with a longer delay would fire immediately. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

const DEFAULT_MAX_WAIT_S = 60;
const DEFAULT_TIMEOUT_MS = 30_000;

/** The option for how long to keep retrying. */
export const MAX_WAIT: INodeProperties = {
	displayName: 'Max Wait (Seconds)',
	name: 'maxWait',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: DEFAULT_MAX_WAIT_S,
	description:
		'Maximum time to keep retrying an item while Calltouch is unavailable or its rate limit is exceeded',
};

/** The option for how long to wait for a response. */
export const TIMEOUT: INodeProperties = {
	displayName: 'Timeout (Milliseconds)',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: DEFAULT_TIMEOUT_MS,
	description: 'Time to wait for a response before aborting a request to Calltouch',
};

/** The options of all operations. */
export const OPTIONS: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [MAX_WAIT, TIMEOUT],
};

/**
 * The time limits in the item's options.
 *
 * @throws {InvalidFieldError} if a limit is not a number within its range
 */
export function readTimeLimits(fields: ItemFields): { timeoutMs: number; maxWaitMs: number } {
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
		'Enter a valid number, or remove the option.',
	);
}
