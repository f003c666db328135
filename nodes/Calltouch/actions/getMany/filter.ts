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

/** A filter of Get Many: its parameter, and which records pass it. */
export interface Filter {
	property: INodeProperties;
	/** @throws {InvalidFieldError} when the value can't be searched for. */
	matching(field: Field): Matches;
}

/**
 * Whether a record passes all filters that were added. The node applies them, whatever Calltouch
 * does with such parameters: an ignored filter must never let another client's record through.
 *
 * @throws {InvalidFieldError} when a filter that was added has no value: it must not widen the
 * search to everything.
 */
export function matchingAll(filters: readonly Filter[], fields: ItemFields): Matches {
	const collection = fields.field('filters');
	if (isBlank(collection.value) && fields.isExpression('filters')) {
		throw invalidField(
			collection,
			'has no value',
			'Its expression returned no value. Check the incoming item.',
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
 * Passes the records in which one of the values equals the field's value.
 *
 * @param normalized returns the form of a text that is compared
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

/** Passes the records whose flag is set (`true` or the word `true`) if the filter is on. */
export function onlyWhere(isSet: (record: IDataObject) => unknown): Filter['matching'] {
	return (field) => {
		const isOn = requiredValue(field, flag(field));
		return (record) => !isOn || flagIn(isSet(record)) === true;
	};
}

/** Passes the records with a phone number, compared by its last ten digits. */
export function samePhone(valuesOf: (record: IDataObject) => readonly unknown[]) {
	return sameAs(phoneNumber, valuesOf, lastPhoneDigits);
}
