import { registerOrder } from '../../api/orders';
import { valueOf, withoutUndefined } from '../../api/request';
import { isBlank, required, type ItemFields } from '../../values/field';
import { identifier } from '../../values/identifier';
import { dateWithoutZone, requiredOrderDate, zoneOfDay, type Zones } from '../../values/orderDate';
import { orderSum } from '../../values/orderSum';
import { tags } from '../../values/tags';
import { freeText, name } from '../../values/text';
import type { ChangePlan } from '../operation';
import { remark, SHIFTED_DATE } from '../warnings';
import { customParameters } from './customFields';
import { CUSTOM_SOURCE } from './fields';
import { orderKeys } from './identifiers';
import { writeRequest } from '../writeRequest';
import { newOrderOutput } from './output';
import { DATE_WITHOUT_TIME, MISSING_CALL } from './warnings';

/**
 * The plan for a new order, made from its link's parameters and the parameters that all new orders
 * share.
 *
 * @throws {InvalidFieldError} if a value is invalid or a required one is missing
 */
export function newOrder(
	lead: ReadonlyArray<readonly [string, string | undefined]>,
	fields: ItemFields,
	zones: Zones,
): ChangePlan {
	const additional = (name: string) => fields.fieldIn('additionalFields', name);
	const parameters = withoutUndefined([
		...lead,
		['orderNumber', identifier(fields.field('orderNumber'))],
		['orderSum', required(fields.field('orderSum'), orderSum)],
		['orderStatus', required(fields.field('orderStatus'), name)],
		['orderDate', requiredOrderDate(fields.field('orderDate'), zones)],
		['service', required(fields.field('service'), name)],
		['orderComment', freeText(additional('orderComment'))],
		['manager', name(additional('manager'))],
		...CUSTOM_SOURCE.map((source) => [source.name, name(additional(source.name))] as const),
		['tags', tags(additional('tags'))],
		...customParameters(fields),
	]);
	const date = fields.field('orderDate');
	const linksToCall = valueOf(parameters, 'callId') !== undefined;
	const isDay = zoneOfDay(date.value, zones) !== undefined;
	const isSearched = ['phoneNumber', 'email'].some((name) => valueOf(parameters, name));
	return {
		kind: 'change',
		request: writeRequest(registerOrder, fields, parameters),
		sequenceKeys: orderKeys(parameters),
		toOutput: newOrderOutput(fields, zones),
		remarks: ({ callId }) => [
			// With any other link, the response may contain no call even if Calltouch found one.
			...remark(MISSING_CALL, linksToCall ? { hasCall: !isBlank(callId) } : undefined),
			...remark(DATE_WITHOUT_TIME, isSearched && isDay ? true : undefined),
			...remark(SHIFTED_DATE, dateWithoutZone(date, zones)),
		],
	};
}
