import { createCallback, formFieldParameter, tagParameter } from '../../api/callbacks';
import { withoutUndefined, type Parameter } from '../../api/request';
import { phoneNumber } from '../../values/contact';
import { required, type ItemFields } from '../../values/field';
import { formFields } from '../../values/formFields';
import { calltouchId, exactNumber, identifier } from '../../values/identifier';
import { objectOrNull, rawRecord } from '../../values/record';
import { tagList } from '../../values/tags';
import { name, text } from '../../values/text';
import type { ChangePlan, Operation } from '../operation';
import { isSimplified, OPTIONS, SIMPLIFY } from '../options';
import { CALLBACK_FIELDS, UTM } from './fields';

const MAX_TAGS = 10;

/** Asks Calltouch to call a client back. */
export const create: Operation = {
	option: {
		name: 'Create',
		value: 'create',
		// From this text, n8n derives the tool description that an AI agent reads.
		action: 'Create callback (needs human approval)',
		description:
			"Make Calltouch call a client back through a callback widget. This uses up paid minutes, so an AI agent needs a person's approval.",
	},
	properties: [...CALLBACK_FIELDS, SIMPLIFY, OPTIONS],
	itemName: (fields) => {
		const number = phoneNumber(fields.field('phoneNumber'));
		return number === undefined ? undefined : `callback to ${number}`;
	},
	plan,
};

function plan(fields: ItemFields): ChangePlan {
	const phone = required(fields.field('phoneNumber'), phoneNumber);
	const parameters = parametersOf(fields, phone);
	const isSimple = isSimplified(fields);
	return {
		kind: 'change',
		request: { endpoint: createCallback, parameters },
		sequenceKeys: [`callback ${phone}`],
		toOutput: (response) =>
			isSimple
				? {
						widgetRequestId: objectOrNull(response.data)?.widgetRequestId ?? null,
						phoneNumber: phone,
					}
				: rawRecord(response),
	};
}

/** @throws {InvalidFieldError} if a value is invalid or a required one is missing */
function parametersOf(fields: ItemFields, phone: string): Parameter[] {
	const additional = (field: string) => fields.fieldIn('additionalFields', field);
	return withoutUndefined([
		['routeKey', required(fields.field('routeKey'), identifier)],
		['phoneNumber', phone],
		...formFields(fields.field('formFields')).map((one) => formFieldParameter(one.name, one.value)),
		['sessionId', calltouchId(additional('sessionId'))],
		['callUrl', text(additional('callUrl'))],
		...UTM.map((utm) => [utm.name, name(additional(utm.name))] as const),
		...tagList(additional('tags'), MAX_TAGS).map(tagParameter),
		['unitId', exactNumber(additional('unitId'))],
	]);
}
