import fc from 'fast-check';
import type { INodeProperties } from 'n8n-workflow';

import { findOperation } from '../../nodes/Calltouch/actions';
import * as meant from './meant';
import type { Given, Zones } from './meant';

type Allowed = Given['allowed'];

/**
 * A field with values from items: its label in messages, its collection and its request parameter.
 */
export interface FuzzedField {
	name: string;
	label: string;
	in?: string;
	parameter: string;
	isRequired: boolean;
	isNotSent: boolean;
	/**
	 * Whether the node ignores the field: only new orders need it, and all orders in the test
	 * already exist.
	 */
	isNotRead: boolean;
	values: fc.Arbitrary<Given>;
}

/** A workflow item and the accepted values of each parameter. */
export interface HostileItem {
	json: {
		values: Record<string, unknown>;
		rows: Array<{ name: unknown; value: unknown }>;
		clearFields: string[];
		clearCustomFields: string;
	};
	expected: Array<{ parameter: string; label: string; allowed: Allowed }>;
}

/** Whether the node is allowed to send this text, or no value if the text is undefined. */
export const isAllowed = (allowed: Allowed, sent: string | undefined): boolean =>
	Array.isArray(allowed) ? allowed.includes(sent) : allowed(sent);
const required = (allowed: Allowed): Allowed =>
	Array.isArray(allowed)
		? allowed.filter((sent) => sent !== undefined)
		: (sent) => sent !== undefined && allowed(sent);
/** The result for a field that the node checks but does not send. */
const unsent = (allowed: Allowed): Allowed =>
	Array.isArray(allowed) ? allowed.map(() => undefined) : (sent) => sent === undefined;
/** The result for a cleared field. The node rejects a field that is both set and cleared. */
const cleared = (allowed: Allowed): Allowed => {
	if (!isAllowed(allowed, undefined)) return [];
	return Array.isArray(allowed) ? [''] : (sent) => sent === '';
};

/** Groups of fields. An item needs at least one field of each group. */
const oneNeeded = (operation: string) =>
	operation === NEW_REQUEST
		? [['fio', 'phoneNumber', 'email']]
		: [
				['phoneNumber', 'email'],
				['orderId', 'orderNumber'],
			];
/**
 * The tests' own names for the operations that create web form requests and callbacks. All other
 * operations work on orders.
 */
export const NEW_REQUEST = 'createRequest';
export const NEW_CALLBACK = 'createCallback';
/** Fields that the tests do not fuzz. */
const FIXED = ['service', 'maxWait', 'siteId', 'targetRequest', 'unitId'];
const UPDATE_NAMES: Record<string, string> = { orderStatus: 'status', orderComment: 'comment' };
const OF_THE_LINK = ['phoneNumber', 'email', 'linkTimeThreshold', 'bindTo'];

/** The fields of an operation except custom fields and `service`, which identifies the items. */
export function fieldsOf(operation: string, zones: Zones): FuzzedField[] {
	const isUpsert = operation === 'upsert';
	const values: Record<string, fc.Arbitrary<Given>> = {
		...(isUpsert ? {} : { callId: meant.ids }),
		...{ orderId: meant.ids, orderNumber: meant.identifiers, orderSum: meant.sums },
		...{ phoneNumber: meant.phones, email: meant.emails, orderDate: meant.dates(zones) },
		...{ linkTimeThreshold: meant.wholeNumbers, bindTo: meant.searchIn, orderStatus: meant.names },
		...{ tags: meant.tags, timeout: meant.waits, manager: meant.names },
		...{ orderComment: meant.freeTexts, comment: meant.freeTexts },
		...{ requestDate: meant.dates(zones), sessionId: meant.ids, requestUrl: meant.texts },
		callUrl: meant.texts,
		...(operation === NEW_REQUEST ? { fio: meant.names, requestNumber: meant.identifiers } : {}),
	};
	const fieldOf = ({ name, ...property }: INodeProperties, collection?: string): FuzzedField => ({
		name,
		label: property.displayName,
		in: collection,
		values: values[name] ?? meant.names,
		isRequired: property.required === true || name === 'callId',
		parameter: (isUpsert && UPDATE_NAMES[name]) || name,
		isNotSent: name === 'timeout' || (isUpsert && name === 'orderDate'),
		isNotRead: isUpsert && OF_THE_LINK.includes(name),
	});
	const created: Record<string, string> = { [NEW_REQUEST]: 'request', [NEW_CALLBACK]: 'callback' };
	const resource = created[operation];
	const { properties } = findOperation(resource ?? 'order', resource ? 'create' : operation);
	const collections = properties.filter(({ type }) => type === 'collection');
	const isFirst = ({ name }: INodeProperties, index: number) =>
		properties.findIndex((one) => one.name === name) === index;
	return [
		...properties
			.filter(isFirst)
			.filter(({ name }) => Object.hasOwn(values, name))
			.map((one) => fieldOf(one)),
		...collections.flatMap(({ name, options = [] }) =>
			(options as INodeProperties[])
				.filter((one) => !FIXED.includes(one.name))
				.map((one) => fieldOf(one, name)),
		),
	];
}

/** Values for a field that an item can clear. A cleared field usually has no value. */
function clearable(values: fc.Arbitrary<Given>, isClearable: boolean) {
	const ordinary = values.map((one) => ({ ...one, isCleared: false }));
	if (!isClearable) return ordinary;
	const both = values.map(({ value, allowed }) => ({ value, allowed: cleared(allowed) }));
	const empty = fc.constant<Given>({ value: null, allowed: [''] });
	const emptied = meant.weighted([5, empty], [1, both]).map((one) => ({ ...one, isCleared: true }));
	return meant.weighted([30, ordinary], [6, emptied]);
}

/** Items for an operation, each with `rowCount` custom fields. */
export function hostileItems(operation: string, rowCount: number, zones: Zones) {
	const isUpdate = operation === 'update';
	const fields = fieldsOf(operation, zones).map((one) =>
		clearable(one.values, one.in === 'updateFields').map((given) => ({ ...one, ...given })),
	);
	const named = fc.tuple(meant.customNames, clearable(meant.customValues, isUpdate));
	const rows = fc.array(named, { minLength: rowCount, maxLength: rowCount });
	return fc.tuple(fc.tuple(...fields), rows).map(([given, custom]): HostileItem => {
		const stated = given.map((one) =>
			one.isRequired ? { ...one, allowed: required(one.allowed) } : one,
		);
		for (const names of oneNeeded(operation)) {
			const [first, ...others] = names.map((name) => stated.find((one) => one.name === name));
			const isNeeded = others.every((one) => one && isAllowed(one.allowed, undefined));
			if (first && isNeeded) first.allowed = required(first.allowed);
		}
		const names = custom.map(([{ allowed }]) => allowed[0]);
		const toClear = names.filter((name, index) => name && custom[index]?.[1].isCleared);
		const statedRows = custom.flatMap(([, { allowed, isCleared }], index) => {
			const name = names[index];
			const isGood = name !== undefined && names.filter((one) => one === name).length === 1;
			const row = { parameter: `custom[${name}]`, allowed: isGood ? allowed : [] };
			// The message for a field that is both set and cleared contains the name of the field.
			const labels = ['Custom Fields', ...(isGood && isCleared ? [name] : [])];
			return labels.map((label) => ({ ...row, label }));
		});
		return {
			json: {
				values: Object.fromEntries(given.map(({ name, value }) => [name, value])),
				rows: custom.map(([name, { value }]) => ({ name: name.value, value })),
				clearFields: given.filter(({ isCleared }) => isCleared).map(({ name }) => name),
				clearCustomFields: ['not set', ...new Set(toClear)].join(', '),
			},
			expected: [
				...stated.map((one) => {
					if (one.isNotRead) return { ...one, allowed: [undefined] };
					return one.isNotSent ? { ...one, allowed: unsent(one.allowed) } : one;
				}),
				...statedRows,
				...(isUpdate ? [{ parameter: 'custom[not set]', label: 'none', allowed: [''] }] : []),
			],
		};
	});
}
