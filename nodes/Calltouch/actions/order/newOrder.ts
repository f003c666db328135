import { given, type ApiRequest, type Parameter } from '../../api/request';
import { required, type ItemFields } from '../../values/field';
import { identifier } from '../../values/identifier';
import { orderDate, type Zones } from '../../values/orderDate';
import { orderSum } from '../../values/orderSum';
import { tags } from '../../values/tags';
import { text } from '../../values/text';
import { customParameters } from './fields';

const TEXTS = ['orderComment', 'manager', 'source', 'medium', 'campaign', 'content', 'term'];

/**
 * The request for a new order: what binds it to its call or request, then what both ways of creating share.
 *
 * @throws {InvalidFieldError} when a value can't be sent or a required one is missing.
 */
export function registerRequest(
	lead: ReadonlyArray<readonly [string, string | undefined]>,
	fields: ItemFields,
	zones: Zones,
): ApiRequest {
	const additional = (name: string) => fields.fieldIn('additionalFields', name);
	const parameters: Parameter[] = given([
		...lead,
		['orderNumber', identifier(fields.field('orderNumber'))],
		['orderSum', required(fields.field('orderSum'), orderSum)],
		['orderStatus', required(fields.field('orderStatus'), text)],
		['orderDate', required(fields.field('orderDate'), (field) => orderDate(field, zones))],
		['service', required(fields.field('service'), text)],
		...TEXTS.map((name) => [name, text(additional(name))] as const),
		['tags', tags(additional('tags'))],
		...customParameters(fields),
	]);
	return { method: 'register', parameters };
}
