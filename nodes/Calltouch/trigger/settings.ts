import type { INodeParameters, NodeParameterValueType } from 'n8n-workflow';

import { invalidField, quoted, required, requiredValue, type Field } from '../values/field';
import { flag } from '../values/flag';
import { calltouchId } from '../values/identifier';
import { addressRanges, type AddressRange } from '../values/ipAddress';
import { objectOrNull } from '../values/record';
import { listOf } from '../values/tags';
import { text } from '../values/text';
import { EVENTS } from './events';
import { FLAGS, type DeliveryFilter } from './filter';
import { labelOf } from './properties';

/** What the user has set, checked. */
export interface TriggerSettings {
	filter: DeliveryFilter;
	isSimple: boolean;
	/** Undefined for everybody. */
	allowedAddresses: readonly AddressRange[] | undefined;
	/** Whether the account's own test starts the workflow. */
	passesTests: boolean;
}

/** Gives a parameter of the node, its expressions resolved. */
export type ReadParameter = (name: string) => NodeParameterValueType | object;

/**
 * Reads and checks all parameters.
 *
 * @throws {InvalidFieldError} for values that can't be used, and for a filter or an option whose
 * expression finds nothing: it must not let through what it was added to keep out.
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
		allowedAddresses: ifAdded(options('allowedIps'), addressRanges),
		passesTests: ifAdded(options('testDeliveries'), isOn) ?? false,
	};
}

/** The fields of a collection; one that was not added is undefined. */
function collection(name: string, read: ReadParameter): (entry: string) => Field | undefined {
	const values = objectOrNull(read(name)) ?? {};
	return (entry) => (entry in values ? { label: labelOf(entry), value: values[entry] } : undefined);
}

function ifAdded<T>(field: Field | undefined, convert: (field: Field) => T): T | undefined {
	return field && convert(field);
}

function isOn(field: Field): boolean {
	return requiredValue(field, flag(field));
}

function eventsIn(field: Field): DeliveryFilter['events'] {
	const names = listOf(field).filter((name) => name !== '');
	const known: readonly string[] = EVENTS.map(({ value }) => value);
	const unknown = names.find((name) => !known.includes(name));
	if (unknown !== undefined) {
		throw invalidField(
			field,
			`names an event that there is not: ${quoted(unknown)}`,
			`Choose from the list, or let the expression give some of: ${known.join(', ')}.`,
		);
	}
	if (names.length === 0) {
		throw invalidField(field, 'has no value', 'Choose at least one event.');
	}
	return EVENTS.map(({ value }) => value).filter((value) => names.includes(value));
}

function siteIdsIn(field: Field): string[] {
	const siteIds = listOf(field).filter((siteId) => siteId !== '');
	siteIds.forEach((value) => required({ label: field.label, value }, calltouchId));
	if (siteIds.length === 0) {
		throw invalidField(field, 'has no value', "Enter a site's ID, or remove the filter.");
	}
	return siteIds;
}

/**
 * Checks the secret as it is saved: n8n resolves no expression in it where it makes the URL.
 *
 * @throws {InvalidFieldError} without the value in its message: it is a password.
 */
export function checkSecret({ options }: INodeParameters): void {
	const values = objectOrNull(options) ?? {};
	const field = { label: labelOf('secret'), value: values.secret };
	if ('secret' in values && !/^[\w-]+$/.test(required(field, text))) {
		throw invalidField(
			field,
			'may hold only letters, digits, hyphens and underscores',
			'It becomes a part of the webhook URL. Choose another one.',
		);
	}
}
