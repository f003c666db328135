import type { INodeParameters, NodeParameterValueType } from 'n8n-workflow';

import { cleaned } from '../values/characters';
import { invalidField, isBlank, quoted, stringify, type Field } from '../values/field';
import { flag } from '../values/flag';
import { addressRange, type AddressRange } from '../values/ipAddress';
import { objectOrNull } from '../values/record';
import { rejectRoundedNumber } from '../values/text';
import { EVENTS } from './events';
import { FLAGS, type DeliveryFilter } from './filter';
import { labelOf } from './properties';

const NOTHING_FOUND = 'Enter a value. If you use an expression, it returned no value.';

/** The validated parameters of the trigger. */
export interface TriggerSettings {
	filter: DeliveryFilter;
	isSimple: boolean;
	/** Undefined if all addresses are allowed. */
	allowedAddresses: readonly AddressRange[] | undefined;
	/** Whether Calltouch's test button starts the workflow. */
	passesTests: boolean;
}

/** Returns the value of a node parameter, with its expressions resolved. */
export type ReadParameter = (name: string) => NodeParameterValueType | object;

/**
 * Reads and checks all parameters.
 *
 * @throws {InvalidFieldError} if a value is invalid, or if a filter or an option has no value:
 * ignoring an empty filter would let unwanted events through
 */
export function readSettings(read: ReadParameter): TriggerSettings {
	const filters = collection('filters', read);
	const options = collection('options', read);
	return {
		filter: {
			events: eventsIn({ label: labelOf('triggerOn'), value: read('triggerOn') }),
			siteIds: ifAdded(filters('siteIds'), siteIdsIn),
			flags: FLAGS.filter((name) => ifAdded(filters(name), isOn)),
		},
		isSimple: isOn({ label: labelOf('simple'), value: read('simple') }),
		allowedAddresses: ifAdded(options('allowedIps'), addressesIn),
		passesTests: ifAdded(options('testDeliveries'), isOn) ?? false,
	};
}

/**
 * Returns a function that returns a field of a collection, or undefined if the field was not added.
 */
function collection(name: string, read: ReadParameter): (entry: string) => Field | undefined {
	const values = objectOrNull(read(name)) ?? {};
	return (entry) => (entry in values ? { label: labelOf(entry), value: values[entry] } : undefined);
}

function ifAdded<T>(field: Field | undefined, convert: (field: Field) => T): T | undefined {
	return field && convert(field);
}

function isOn(field: Field): boolean {
	const value = flag(field);
	if (value === undefined) throw invalidField(field, 'has no value', NOTHING_FOUND);
	return value;
}

function eventsIn(field: Field): DeliveryFilter['events'] {
	const names = entriesOf(field);
	const known: readonly string[] = EVENTS.map(({ value }) => value);
	const unknown = names.find((name) => !known.includes(name));
	if (unknown !== undefined) {
		throw invalidField(
			field,
			`contains an unknown event: ${quoted(unknown)}`,
			`Choose from the list, or have the expression return one or more of: ${known.join(', ')}.`,
		);
	}
	return EVENTS.map(({ value }) => value).filter((value) => names.includes(value));
}

function siteIdsIn(field: Field): string[] {
	const siteIds = entriesOf(field);
	const wrong = siteIds.find((siteId) => !/^\d+$/.test(siteId));
	if (wrong !== undefined) {
		throw invalidField(
			field,
			`contains an invalid site ID: ${quoted(wrong)}`,
			'A Site ID consists of digits only. Calltouch shows it next to the API token.',
		);
	}
	return siteIds;
}

function addressesIn(field: Field): AddressRange[] {
	return entriesOf(field).map((entry) => addressRange(field, entry));
}

/** The entries of a list or of a comma-separated string. Throws if there are no entries. */
function entriesOf({ label, value }: Field): string[] {
	const values: unknown[] = [value].flat().filter((entry) => !isBlank(entry));
	values.forEach((entry) => rejectRoundedNumber({ label, value: entry }));
	const entries = values.flatMap((entry) => stringify(entry).split(',')).map(cleaned);
	const filled = entries.filter((entry) => entry !== '');
	if (filled.length === 0) throw invalidField({ label, value }, 'has no value', NOTHING_FOUND);
	return filled;
}

/**
 * Checks the saved secret, because n8n does not resolve expressions in it when it builds the URL.
 *
 * @throws {InvalidFieldError} if the secret is invalid; the message omits the value, because the
 * secret is a password
 */
export function checkSecret({ options }: INodeParameters): void {
	const { secret } = objectOrNull(options) ?? {};
	const isUsable = typeof secret === 'string' && /^[\w-]+$/.test(secret);
	if (secret !== undefined && !isUsable) {
		throw invalidField(
			{ label: labelOf('secret'), value: undefined },
			'may contain only Latin letters, digits, hyphens and underscores',
			'The secret becomes part of the webhook URL. Enter another secret, or remove the option.',
		);
	}
}
