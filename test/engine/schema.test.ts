import { readFile } from '../support/files';
import { RESOURCES } from '../../nodes/Calltouch/actions';
import { NEW_ORDER, run, startSimulator, type Simulator } from '../support/calltouch';
import { calling, freshPhone } from '../support/newCallback';
import { creating } from '../support/newRequest';
import { downloading } from '../support/recording';

interface Schema {
	type: string | string[];
	properties?: Record<string, Schema>;
	items?: Schema;
}

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator();
});

const schemaOf = (operation: string, resource = 'order') =>
	JSON.parse(readFile(`nodes/Calltouch/__schema__/v1.0.0/${resource}/${operation}.json`)) as Schema;

/** The keys with values that do not match the schema. */
function misfits(value: unknown, schema: Schema, place = ''): string[] {
	const types = [schema.type].flat();
	const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
	const fits = types.includes(type) || (Number.isInteger(value) && types.includes('integer'));
	if (!fits) return [`${place}: ${type}, not ${types.join(' or ')}`];
	if (Array.isArray(value)) {
		return value.flatMap((one, index) =>
			misfits(one, schema.items ?? { type: 'absent' }, `${place}[${index}]`),
		);
	}
	if (type !== 'object') return [];
	return Object.entries(value as object).flatMap(([key, one]) =>
		misfits(one, schema.properties?.[key] ?? { type: 'absent' }, `${place}.${key}`),
	);
}

/** The keys that are in the schema but not in the value. */
function missing(value: object, { properties = {} }: Schema): string[] {
	return Object.keys(properties).filter((key) => !(key in value));
}

it('Each operation has a schema', () => {
	for (const { option: resource, operations } of RESOURCES) {
		for (const { option } of operations) {
			expect(schemaOf(option.value, resource.value).type).toBe('object');
		}
	}
});

describe('The schema that the editor shows before the first run', () => {
	const CALL = { ...NEW_ORDER, linkTo: 'callId', callId: '32496964', orderNumber: 'for-a-call' };
	const UPDATE = { operation: 'update', updateFields: { comment: 'x' } };
	it.each([
		['create', NEW_ORDER],
		['create', CALL],
		['createByContact', { ...NEW_ORDER, operation: 'createByContact', email: 'a@b' }],
		['update', { ...UPDATE, orderNumber: 'for-a-call' }],
		['update', { ...UPDATE, orderId: '7811141' }],
		['upsert', { ...CALL, operation: 'upsert', orderNumber: 'new-one' }],
		['upsert', { ...CALL, operation: 'upsert' }],
		['get', { operation: 'get', orderNumber: 'for-a-call' }],
		['get', { operation: 'get', orderId: '7811141' }],
	])('matches the output of the operation %s', async (operation, parameters) => {
		const { items } = await run(simulator, { parameters });
		const output = items[0]?.json ?? {};
		const schema = schemaOf(operation);
		expect(misfits(output, schema)).toEqual([]);
		expect(missing(output, schema)).toEqual([]);
		for (const part of ['client', 'session']) {
			const value = output[part];
			if (typeof value !== 'object' || value === null) continue;
			expect(missing(value, schema.properties?.[part] as Schema)).toEqual([]);
		}
	});

	it('matches the output of Create for a web form request', async () => {
		const { items } = await run(simulator, creating({}));
		const output = items[0]?.json ?? {};
		const schema = schemaOf('create', 'request');
		expect(misfits(output, schema)).toEqual([]);
		expect(missing(output, schema)).toEqual([]);
	});

	it('matches the output of Create for a callback', async () => {
		const { items } = await run(simulator, calling([freshPhone()]));
		const output = items[0]?.json ?? {};
		const schema = schemaOf('create', 'callback');
		expect(misfits(output, schema)).toEqual([]);
		expect(missing(output, schema)).toEqual([]);
	});

	it('matches the output of Download Recording', async () => {
		const { items } = await run(simulator, downloading());
		const output = items[0]?.json ?? {};
		const schema = schemaOf('downloadRecording', 'call');
		expect(misfits(output, schema)).toEqual([]);
		expect(missing(output, schema)).toEqual([]);
	});

	it.each(['orderId', 'orderNumber'])('matches the output of Delete by %s', async (name) => {
		const { items } = await run(simulator, { parameters: NEW_ORDER });
		const { items: deleted } = await run(simulator, {
			parameters: { operation: 'delete', [name]: String(items[0]?.json[name]) },
		});
		const output = deleted[0]?.json ?? {};
		expect(misfits(output, schemaOf('delete'))).toEqual([]);
		expect(Object.keys(output).sort()).toEqual(['deleted', name]);
	});
});
