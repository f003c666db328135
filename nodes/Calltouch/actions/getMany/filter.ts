import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { canonical } from '../../values/characters';
import { lastPhoneDigits, phoneNumber } from '../../values/contact';
import {
	invalidField,
	isBlank,
	quoted,
	required,
	requiredValue,
	type Field,
	type ItemFields,
} from '../../values/field';
import { flag, flagIn } from '../../values/flag';

/** Whether a record passes the filters. */
export type Matches = (record: IDataObject) => boolean;

/** A Get Many filter: its parameter, and the check for the parameter's value. */
export interface Filter {
	property: INodeProperties;
	/** @throws {InvalidFieldError} if the node can't search for the value. */
	matching(field: Field): Matches;
}

/**
 * Returns a check for all filters that the user added. The node applies the filters itself, because
 * another client's record would get through if Calltouch ignored a parameter.
 *
 * @throws {InvalidFieldError} if an added filter has no value: an empty filter must not widen the
 * search to all records.
 */
export function matchingAll(filters: readonly Filter[], fields: ItemFields): Matches {
	const collection = fields.field('filters');
	if (isBlank(collection.value) && fields.isExpression('filters')) {
		throw invalidField(
			collection,
			'has no value',
			'The expression returned no value. Check the incoming item.',
		);
	}
	const all = fields.added('filters').map((name) => {
		const filter = filters.find(({ property }) => property.name === name);
		if (!filter) {
			throw invalidField(
				collection,
				`contains an unknown filter: ${quoted(name)}`,
				`Use one or more of: ${filters.map(({ property }) => property.name).join(', ')}.`,
			);
		}
		return filter.matching(fields.fieldIn('filters', name));
	});
	return (record) => all.every((matches) => matches(record));
}

/**
 * Returns a filter for records in which one of the values equals the field's value.
 *
 * @param normalized converts text to the form in which it is compared
 */
export function sameAs(
	convert: (field: Field) => string | undefined,
	valuesOf: (record: IDataObject) => readonly unknown[],
	normalized: (text: string) => string = canonical,
): Filter['matching'] {
	return (field) => {
		const wanted = normalized(required(field, convert));
		return (record) =>
			valuesOf(record).some(
				(value) =>
					(typeof value === 'string' || typeof value === 'number') &&
					normalized(String(value)) === wanted,
			);
	};
}

/** Returns a filter that, if turned on, passes only records whose flag is true (or "true"). */
export function onlyWhere(isSet: (record: IDataObject) => unknown): Filter['matching'] {
	return (field) => {
		const isOn = requiredValue(field, flag(field));
		return (record) => !isOn || flagIn(isSet(record)) === true;
	};
}

/** Returns a filter for records with the given phone number; compares only the last ten digits. */
export function samePhone(valuesOf: (record: IDataObject) => readonly unknown[]) {
	return sameAs(phoneNumber, valuesOf, lastPhoneDigits);
}
