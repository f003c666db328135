import type { IDataObject } from 'n8n-workflow';

import { ENDED, EVERY_EVENT } from '../support/deliveries';
import { itemFor, published, receives } from '../support/trigger';

const everything = { triggerOn: EVERY_EVENT };
const adviceOf = async (parameters: IDataObject) =>
	await published({ parameters: parameters as never }).then(
		() => 'published',
		(error: { message: string; description?: string }) => `${error.message} | ${error.description}`,
	);

describe('a stranger', () => {
	it.each<[string, Parameters<typeof receives>[0]]>([
		['by JSON', { body: { changedFields: [{ toString: 1, valueOf: 1 }] } }],
		[
			'by GET: ?changedFields[0][toString]=1',
			{ method: 'GET', body: undefined, query: { changedFields: [{ toString: '1' }] } },
		],
	])('makes no execution fail with a changedFields that has no text: %s', async (_, request) => {
		expect(await receives(request)).toMatchObject({ status: 200 });
	});

	it.each([
		{ $error: 'a', $json: 'b', dealId: '7' },
		{ $error: null, $json: 1, dealId: '7' },
	])('loses nothing of an event by %j, which n8n itself understands', async (body) => {
		const { items } = await receives({ body }, { parameters: everything });
		expect(items).toEqual([expect.objectContaining({ event: 'other', dealId: '7' })]);
	});
});

describe('the secret', () => {
	// n8n looks up the path that was called among encoded ones, and would never find it.
	it.each<unknown>([' abc', 'abc ', 'abc\n', 0])('%j is refused', async (secret) => {
		const options = { secret };
		await expect(published({ parameters: { options } as never })).rejects.toThrow("'Secret'");
	});
});

describe('allowed addresses', () => {
	it.each([
		['0:0:0:0:0:0:0:1', '::1'],
		['2001:DB8:0:0::0001', '2001:db8::1'],
		['::ffff:92.118.66.1', '92.118.66.1'],
		['fe80::1', 'fe80::1%eth0'],
	])('take %s for %s, the same address', async (allowedIps, ip) => {
		const parameters = { options: { allowedIps } };
		expect(await receives({ body: ENDED, ip }, { parameters })).toMatchObject({ status: 200 });
	});

	it.each([':', ':::::', '1:2', 'fe80:', '::1::2', '1:.', '12345::'])(
		'refuse %j, which is no address, when the workflow is published',
		async (allowedIps) => {
			await expect(published({ parameters: { options: { allowedIps } } })).rejects.toThrow(
				"'Allowed IP Addresses'",
			);
		},
	);
});

describe("the account's own test", () => {
	const DEAL_TEST = { dealId: '{dealId}', dealName: '{dealName}', dealStage: '{dealStage}' };

	it('of a webhook for deals starts nothing in production', async () => {
		const parameters = { triggerOn: ['other'] };
		expect(await receives({ body: DEAL_TEST }, { parameters })).toMatchObject({ isStarted: false });
	});

	it('with few parameters ticked starts nothing in production', async () => {
		const body = { phonenumber: '{phonenumber}', calltime: '{calltime}', siteId: '{siteId}' };
		const parameters = { triggerOn: ['other'] };
		expect(await receives({ body }, { parameters })).toMatchObject({ isStarted: false });
	});

	it('with few parameters ticked is always let through while the editor listens', async () => {
		const body = { phonenumber: '{phonenumber}', calltime: '{calltime}', siteId: '{siteId}' };
		expect(await receives({ body }, { isTest: true })).toMatchObject({ isStarted: true });
	});

	it('with the words of a call filled in and the rest not starts nothing in production', async () => {
		const body = {
			leadtype: 'call',
			callphase: 'calldisconnected',
			phonenumber: '{phonenumber}',
			duration: '{duration}',
		};
		expect(await receives({ body })).toMatchObject({ isStarted: false });
	});
});

describe('the output of other', () => {
	it('still says what a deal calls its own event', async () => {
		const item = await itemFor({ event: 'dealWon', eventKey: 'k', dealId: '7' });
		expect(Object.values(item)).toContain('dealWon');
	});
});

describe('the event', () => {
	it('of an ended call is not an update because changedFields is empty in another way', async () => {
		expect((await itemFor({ ...ENDED, changedFields: '{}' })).event).toBe('callEnded');
	});
});

describe('the simplified output', () => {
	it('does not take leading zeros from an id', async () => {
		expect((await itemFor({ ...ENDED, id: '0100001' })).callId).toBe('0100001');
	});

	it.each(['0', '99999999999999999999', '1e300'])(
		'takes the date from calltime where timestamp is no time: %s',
		async (timestamp) => {
			const { date } = await itemFor({ ...ENDED, timestamp });
			expect(date).toBe('2026-11-21T13:00:05.000+03:00');
		},
	);

	it.each(['13:05:00', '2026-11-21 13:05:00 +09:00'])(
		'makes no date of %j, which is none',
		async (calltime) => {
			const { date } = await itemFor({ ...ENDED, timestamp: 'null', calltime });
			expect(date).toBeNull();
		},
	);
});

describe('a delivery', () => {
	it('is read from JSON whose content type was not said, as a form is', async () => {
		const request = { body: undefined, rawBody: Buffer.from(JSON.stringify(ENDED)) };
		expect(await receives(request)).toMatchObject({ isStarted: true });
	});

	it('of JSON with long ids as numbers loses no digit, nor takes two calls for one', async () => {
		const items = [];
		for (const id of ['12345678901234567890', '12345678901234567891']) {
			const text = `{"leadtype":"call","callphase":"calldisconnected","id":${id}}`;
			const request = { body: JSON.parse(text) as IDataObject, rawBody: Buffer.from(text) };
			items.push(...(await receives(request)).items);
		}
		expect(new Set(items.map(({ eventKey }) => eventKey)).size).toBe(2);
	});

	it('of the JSON null, which n8n gives with its raw body, starts nothing', async () => {
		const request = { body: null, rawBody: Buffer.from('null') };
		expect(await receives(request, { parameters: everything })).toMatchObject({ isStarted: false });
	});

	it('sent as text with an encoded name in front is read as a form', async () => {
		const body = `custom%5Ba%5D=1&${new URLSearchParams(ENDED).toString()}`;
		expect(await receives({ body })).toMatchObject({ isStarted: true });
	});
});

describe('a site filter', () => {
	it.each(['={{ 12345678901234567890 }}', '={{ [12345678901234567890] }}'])(
		'refuses a number whose digits are lost: %s',
		async (siteIds) => {
			await expect(published({ parameters: { filters: { siteIds } } })).rejects.toThrow(
				"'Site IDs'",
			);
		},
	);
});

describe('what the user is told', () => {
	it('of a missing value does not send him to an incoming item that a trigger has not', async () => {
		const advice = await adviceOf({ filters: { targetOnly: '={{ $vars.missing }}' } });
		expect(advice).not.toContain('incoming item');
	});

	it('of an empty secret says nothing of expressions, which are not possible there', async () => {
		expect(await adviceOf({ options: { secret: '' } })).not.toContain('expression');
	});

	it('of a wrong site ID speaks of sites', async () => {
		expect(await adviceOf({ filters: { siteIds: 'shop.example' } })).not.toContain(
			'numbers its calls, web form requests and orders',
		);
	});

	it('of a comma in a list does not speak of what Calltouch does with entries', async () => {
		expect(
			await adviceOf({ options: { allowedIps: '={{ ["10.0.0.1,10.0.0.2"] }}' } }),
		).not.toContain('Calltouch separates entries with commas');
	});

	it('of a list of values does not advise $json, which can not be used in a trigger', async () => {
		expect(await adviceOf({ filters: { siteIds: '={{ ({ a: 1 }) }}' } })).not.toContain('$json');
	});
});

describe('a credential that can not be used', () => {
	it('is found out when the workflow is published, and not by a lost call', async () => {
		const credential = { timeZone: 'Mars/Olympus' };
		await expect(published({ credential })).rejects.toMatchObject({
			name: 'NodeOperationError',
			message: expect.stringContaining("'Time Zone'") as string,
		});
	});

	it('is no matter for an event without a date', async () => {
		const credential = { timeZone: 'Mars/Olympus' };
		const { items } = await receives(
			{ body: { dealId: '7' } },
			{ credential, parameters: everything },
		);
		expect(items).toHaveLength(1);
	});
});
