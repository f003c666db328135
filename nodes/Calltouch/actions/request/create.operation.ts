import { valueOf, withoutUndefined, type Parameter } from '../../api/request';
import { createRequest } from '../../api/requests';
import { email, phoneNumber } from '../../values/contact';
import {
	invalidField,
	InvalidFieldError,
	singleLine,
	required,
	type Field,
	type ItemFields,
} from '../../values/field';
import { flag } from '../../values/flag';
import { calltouchId, identifier } from '../../values/identifier';
import { dateWithoutZone, orderDate, type Zones } from '../../values/orderDate';
import { rawRecord } from '../../values/record';
import { tags } from '../../values/tags';
import { freeText, name, text } from '../../values/text';
import type { ChangePlan, Operation, RunSettings } from '../operation';
import { isSimplified, SIMPLIFY } from '../options';
import { siteOf } from '../site';
import { remark, SHIFTED_DATE } from '../warnings';
import { writeRequest } from '../writeRequest';
import { NEW_REQUEST_FIELDS, NEW_REQUEST_OPTIONS } from './fields';
import { requests } from './getAll.operation';

const MAX_CHARACTERS = 256;
const CONTACT = ['fio', 'phoneNumber', 'email'];

/** Creates a web form request for a lead that did not come through a form on the site. */
export const create: Operation = {
	option: {
		name: 'Create',
		value: 'create',
		action: 'Create web form request',
		description:
			'Register a lead from a messenger, marketplace or form as a web form request, so that you can link an order to it',
	},
	properties: [...NEW_REQUEST_FIELDS, SIMPLIFY, NEW_REQUEST_OPTIONS],
	itemName: (fields) => {
		const number = identifier(fields.field('requestNumber'));
		return number === undefined ? undefined : `web form request ${singleLine(number)}`;
	},
	plan,
};

function plan(fields: ItemFields, settings: RunSettings): ChangePlan {
	const { zones } = settings;
	const siteId = siteOf(fields, settings);
	const parameters = parametersOf(fields, zones);
	const number = valueOf(parameters, 'requestNumber');
	const isSimple = isSimplified(fields);
	const date = fields.fieldIn('additionalFields', 'requestDate');
	return {
		kind: 'change',
		request: writeRequest(createRequest, fields, parameters, siteId),
		sequenceKeys: number === undefined ? [] : [`requestNumber ${siteId} ${number}`],
		toOutput: (record) =>
			isSimple ? requests.simplify(record, zones.account, []) : rawRecord(record),
		remarks: () => remark(SHIFTED_DATE, dateWithoutZone(date, zones)),
	};
}

/** @throws {InvalidFieldError} if a value is invalid or a required one is missing */
function parametersOf(fields: ItemFields, zones: Zones): Parameter[] {
	const additional = (field: string) => fields.fieldIn('additionalFields', field);
	const parameters = withoutUndefined([
		['subject', required(fields.field('subject'), (field) => limited(field, name))],
		['fio', name(fields.field('fio'))],
		['phoneNumber', phoneNumber(fields.field('phoneNumber'))],
		['email', email(fields.field('email'))],
		['requestNumber', limited(fields.field('requestNumber'), identifier)],
		['requestDate', orderDate(additional('requestDate'), zones)],
		['requestUrl', text(additional('requestUrl'))],
		['sessionId', calltouchId(additional('sessionId'))],
		['comment', freeText(additional('comment'))],
		['tags', tags(additional('tags'))],
		['targetRequest', flag(additional('targetRequest'))?.toString()],
	]);
	if (!parameters.some(([known]) => CONTACT.includes(known))) {
		const [first, second, third] = CONTACT.map((one) => `'${fields.label(one)}'`);
		throw new InvalidFieldError(
			`${first}, ${second} and ${third} have no value`,
			'Fill in at least one of them: Calltouch requires contact details for each web form request.',
		);
	}
	return parameters;
}

/** @throws {InvalidFieldError} if a value is longer than Calltouch accepts */
function limited(field: Field, convert: (field: Field) => string | undefined): string | undefined {
	const value = convert(field);
	if (value !== undefined && [...value].length > MAX_CHARACTERS) {
		throw invalidField(
			field,
			`is longer than ${MAX_CHARACTERS} characters`,
			'Shorten the text: Calltouch does not accept longer values in this field.',
		);
	}
	return value;
}
