import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { ReadEndpoint } from '../../api/reading';
import { invalidField, quoted, type ItemFields } from '../../values/field';
import { rawRecord } from '../../values/record';
import { listOf } from '../../values/list';
import type { Operation, ReadPlan, RunSettings } from '../operation';
import { MAX_WAIT, OPTIONS, SIMPLIFY, TIMEOUT } from '../options';
import { SITE_ID, siteOf } from '../site';
import { remark, SHIFTED_DATE, type Remark } from '../warnings';
import { readRange } from './readRange';
import { matchingAll, type Filter } from './filter';
import { KeptItems } from './keptItems';
import { requiredFlag, limitFields, limitOf, sortOrderOf, SORT } from './limit';
import { RANGE_FIELDS, rangeOf, rangeWithoutZone } from './range';
import { SHORTFALL, UNDATED } from './warnings';

/** Returns the simplified record, with the included details under separate keys. */
export type Simplify = (record: IDataObject, zone: string, include: string[]) => IDataObject;

/** The settings that differ between the resources of Get Many. */
export interface GetAll {
	endpoint: ReadEndpoint;
	/** The title and the description of the operation. */
	texts: { action: string; description: string };
	filters: Filter[];
	/** The labels of the details that can be included, keyed by the endpoint's names for them. */
	include: Record<string, string>;
	/** Undefined if records are returned raw because their keys are unknown. */
	simplify?: Simplify;
	notice?: string;
}

/** Returns the Get Many operation for a resource. */
export function getAllOperation(resource: GetAll): Operation {
	const { texts, filters, include, simplify, notice } = resource;
	return {
		option: { name: 'Get Many', value: 'getAll', ...texts },
		properties: [
			...(notice === undefined ? [] : [noticeOf(notice)]),
			...RANGE_FIELDS,
			...limitFields(simplify !== undefined),
			...(simplify ? [SORT, SIMPLIFY] : []),
			{
				displayName: 'Filters',
				name: 'filters',
				type: 'collection',
				placeholder: 'Add Filter',
				default: {},
				options: filters.map(({ property }) => property),
			},
			{
				...OPTIONS,
				options: [includeField(include), MAX_WAIT, SITE_ID, TIMEOUT],
			},
		],
		plan: (fields, settings) => plan(resource, fields, settings),
	};
}

function plan(
	{ endpoint, filters, include, simplify }: GetAll,
	fields: ItemFields,
	settings: RunSettings,
): ReadPlan {
	const zone = settings.zones.account;
	const range = rangeOf(fields, settings);
	const matches = matchingAll(filters, fields);
	const limit = limitOf(fields);
	const order = simplify && sortOrderOf(fields);
	const included = includedIn(fields, Object.keys(include));
	const siteId = siteOf(fields, settings);
	const isSimple = simplify && requiredFlag(fields.field('simple'));
	const toItem = (record: IDataObject) =>
		isSimple ? simplify(record, zone, included) : rawRecord(record);
	const { idKey, records } = endpoint;
	const { nowMs } = settings;
	const reading = { endpoint, siteId, range, zone, include: included, nowMs };
	const remarks: Remark[] = remark(SHIFTED_DATE, rangeWithoutZone(fields, settings.zones));
	return {
		kind: 'read',
		remarks: () => remarks,
		pluralName: records,
		async read(ask) {
			const kept = new KeptItems(limit, order);
			const shortfall = await readRange(ask, reading, (record, timeMs) => {
				if (matches(record)) kept.add(timeMs, Number(record[idKey]), toItem(record));
				return kept.wantsMore;
			});
			const items = kept.items();
			const undated = kept.undated > 0 ? { count: kept.undated, records } : undefined;
			remarks.push(
				...remark(SHORTFALL, shortfall && { ...shortfall, records }),
				...remark(UNDATED, undated),
			);
			return items;
		},
	};
}

function noticeOf(displayName: string): INodeProperties {
	return { displayName, name: 'readNotice', type: 'notice', default: '' };
}

function includeField(include: Record<string, string>): INodeProperties {
	return {
		displayName: 'Include',
		name: 'include',
		type: 'multiOptions',
		default: [],
		description: 'Additional details to return with each record',
		options: Object.entries(include).map(([value, name]) => ({ name, value })),
	};
}

/** @throws {InvalidFieldError} if the value is unknown */
function includedIn(fields: ItemFields, known: string[]): string[] {
	const field = fields.fieldIn('options', 'include');
	const names = listOf(field).filter((name) => name !== '');
	const unknown = names.find((name) => !known.includes(name));
	if (unknown !== undefined) {
		throw invalidField(
			field,
			`contains an unknown entry: ${quoted(unknown)}`,
			`Choose from the list, or have the expression return one or more of: ${known.join(', ')}.`,
		);
	}
	return [...new Set(names)];
}
