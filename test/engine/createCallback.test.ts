import { createEmptyRunExecutionData, sleep, type IDataObject } from 'n8n-workflow';

import type { Intercept } from '../../simulator/server';
import { execute, singleNodeWorkflow } from '../../tools/engine';
import {
	CANARY,
	credentialFor,
	nodeFor,
	NODE_TYPE,
	retry,
	run,
	start,
	startSimulator,
	type Outcome,
	type Simulator,
	type Target,
} from '../support/calltouch';
import { againTypes, withErrorLoop } from '../support/errorLoop';
import { hostName } from '../support/network';
import { CONTINUE as CONTINUE_ON_ERROR, RETRY_ON_FAIL } from '../support/numberedOrders';
import { calling, callbackRequests, freshPhone, NEW_CALLBACK, rung } from '../support/newCallback';
import { answering, answeringAfterwards, cutting, cuttingAfterwards } from '../support/strikes';
import { startedExecution, toolOf } from '../support/tool';

const CONTINUE = { nodeSettings: CONTINUE_ON_ERROR };

const DAY_MS = 24 * 60 * 60 * 1000;
const MAY_HAVE_RUNG = /The client's phone may have rung\. Look for this phone number/;

let simulator: Simulator;
let phone: string;
beforeEach(async () => {
	simulator = await startSimulator();
	phone = freshPhone();
});

const sentBody = (index = 0) =>
	JSON.parse(callbackRequests(simulator)[index]?.body ?? 'null') as IDataObject;
const errorsOf = ({ items }: Outcome) => items.map(({ json }) => json.error);
const apiError = (errorCode: number, errorMessage: string) =>
	JSON.stringify({ data: { apiErrorData: { errorCode, errorMessage } } });
const violation = (...messages: string[]) => {
	const violations = messages.map((message) => ({ message }));
	return JSON.stringify({ data: { validationErrorData: { violations } } });
};
/** Lets `strike` handle callback requests for `phone`. The simulator handles all others. */
const strikingPhone =
	(strike: Intercept): Intercept =>
	(request, ...rest) =>
		request.parameters.get('phone') === phone && strike(request, ...rest);
const TOO_SOON = 'Превышен лимит минимального интервала между отправкой заявок по номеру телефона';

describe('Create for a callback', () => {
	it("sends JSON with the token in a header and every field under Calltouch's name for it", async () => {
		await run(
			simulator,
			calling([phone], {
				formFields: {
					field: [
						{ name: ' City ', value: 'Казань' },
						{ name: 'Agreed', value: false },
						{ name: 'Empty', value: '' },
					],
				},
				additionalFields: {
					sessionId: '1234567890',
					callUrl: 'https://shop.example/?a=1&b=2',
					tags: ['vip', ' bot ', 'vip', ''],
					utmSource: 'yandex',
					utmMedium: 'cpc',
					utmCampaign: 'spring',
					utmContent: 'banner',
					utmTerm: 'buy "a" window',
					unitId: '42',
				},
			}),
		);
		const [sent] = callbackRequests(simulator);
		expect(sent).toMatchObject({
			httpMethod: 'POST',
			path: '/widget-service/v1/api/widget-request/user-form/create',
			query: '',
			status: 200,
		});
		expect(sent?.headers['content-type']).toBe('application/json');
		expect(sent?.headers['access-token']).toBe(CANARY);
		expect(sent?.body).not.toContain('clientApiId');
		expect(sentBody()).toEqual({
			routeKey: 'rehearsal-widget',
			phone,
			fields: [
				{ name: 'City', value: 'Казань' },
				{ name: 'Agreed', value: 'false' },
			],
			sessionId: '1234567890',
			callUrl: 'https://shop.example/?a=1&b=2',
			tags: ['vip', 'bot'],
			utmSource: 'yandex',
			utmMedium: 'cpc',
			utmCampaign: 'spring',
			utmContent: 'banner',
			utmTerm: 'buy "a" window',
			unitId: 42,
		});
	});

	it('does not send empty values', async () => {
		await run(
			simulator,
			calling([phone], {
				formFields: { field: [{ name: 'City', value: '={{ null }}' }] },
				additionalFields: { sessionId: '={{ undefined }}', tags: ' , ', unitId: '', utmTerm: ' ' },
			}),
		);
		expect(sentBody()).toEqual({ routeKey: 'rehearsal-widget', phone });
	});

	it('needs no Site ID', async () => {
		const { status } = await run(simulator, calling([phone], {}, { credential: { siteId: '' } }));
		expect(status).toBe('success');
	});

	it('returns the ID of the callback and the phone number that was sent', async () => {
		const masked = `8 (${phone.slice(1, 4)}) ${phone.slice(4)}`;
		const { items } = await run(simulator, calling([masked]));
		expect(items[0]?.json).toEqual({
			widgetRequestId: simulator.callbacks[0]?.id,
			phoneNumber: phone,
		});
	});

	it("returns Calltouch's raw response if Simplify is off", async () => {
		const { items } = await run(simulator, calling([phone], { simple: false }));
		expect(items[0]?.json).toEqual({ data: { widgetRequestId: simulator.callbacks[0]?.id } });
	});

	it.each<[IDataObject, string]>([
		[{ routeKey: "={{ '' }}" }, "'Widget Key' has no value"],
		[{ routeKey: 'key-undefined' }, "'Widget Key'"],
		[{ phoneNumber: '={{ $json.mobile }}' }, "'Phone Number' has no value"],
		[{ phoneNumber: 'call me' }, "'Phone Number' is not a single phone number"],
		[{ phoneNumber: '12345' }, "'Phone Number' is not a single phone number"],
		[{ additionalFields: { sessionId: 'undefined' } }, "'Session ID'"],
		[{ additionalFields: { unitId: '1.5' } }, "'Unit ID' is not a whole number"],
		[{ additionalFields: { unitId: '12345678901234567890' } }, "'Unit ID' is too large"],
		[{ additionalFields: { tags: '1,2,3,4,5,6,7,8,9,10,11' } }, "'Tags' contains 11 tags"],
		[{ additionalFields: { utmSource: '[object Object]' } }, "'UTM 1: Source'"],
		[
			{ formFields: { field: [...'abcdef'].map((name) => ({ name, value: 'x' })) } },
			"'Form Fields' has 6 fields",
		],
		[{ formFields: { field: [{ name: ' ', value: 'x' }] } }, "'Form Fields' has a row without"],
		[
			{ formFields: { field: [{ name: 'City', value: '={{ $json }}' }] } },
			"'Form Fields: City' is neither",
		],
		[{ options: { timeout: 'soon' } }, "'Timeout (Milliseconds)'"],
	])('rejects %j with an error that names the field and the item', async (changes, words) => {
		const failed = await run(simulator, calling([phone], changes, CONTINUE));
		expect(errorsOf(failed)[0]).toContain(words);
		expect(errorsOf(failed)[0]).toContain('[item 0');
		expect(simulator.received).toEqual([]);
	});

	it('accepts 5 form fields and 10 tags', async () => {
		const { status } = await run(
			simulator,
			calling([phone], {
				formFields: { field: [...'abcde'].map((name) => ({ name, value: 'x' })) },
				additionalFields: { tags: '1,2,3,4,5,6,7,8,9,10' },
			}),
		);
		expect(status).toBe('success');
	});

	it('rejects a token that an HTTP header cannot contain, and says why', async () => {
		const { error } = await run(
			simulator,
			calling([phone], {}, { credential: { clientApiId: 'a-token-with-а-cyrillic-letter' } }),
		);
		expect(error.message).toContain(
			"'API Token' in the credential contains a character that is not allowed in a token",
		);
		expect(simulator.received).toEqual([]);
	});

	it('waits only for earlier items with the same phone number', async () => {
		const other = freshPhone();
		let active = 0;
		const most: Record<string, number> = {};
		simulator.setIntercept(({ parameters }, response) => {
			const called = String(parameters.get('phone'));
			most[called] = Math.max(most[called] ?? 0, ++active);
			void simulator.clock.sleep(20).then(() => {
				active--;
				response.writeHead(200).end('{"data":{"widgetRequestId":7}}');
			});
			return true;
		});
		await run(simulator, calling([phone, `+${phone}`]));
		expect(most).toEqual({ [phone]: 1 });
		await run(simulator, calling([other, phone]));
		expect(most[phone]).toBe(2);
	});

	it("fails with Calltouch's message if the number was called a moment ago", async () => {
		const both = await run(simulator, calling([phone, phone], {}, CONTINUE));
		expect(both.items[0]?.json).toMatchObject({ phoneNumber: phone });
		expect(errorsOf(both)[1]).toContain(`Calltouch says: "${TOO_SOON}`);
		expect(errorsOf(both)[1]).toContain(
			'Before you try again, check whether the client was called',
		);
		expect(rung(simulator)).toEqual([phone]);
	});
});

describe('A callback rejected by Calltouch', () => {
	it.each([
		[
			400,
			apiError(10003, 'no widget'),
			/"no widget \(10003\)"\. Check 'Widget Key'\. In Calltouch, check/,
		],
		[400, apiError(10013, 'bad phone'), /"bad phone \(10013\)"\. Check 'Phone Number'/],
		[400, apiError(10007, 'invalid'), /"invalid \(10007\)"\. Check the values in this item/],
		[400, violation('tags', 'phone'), /"tags; phone"\. Check the values in this item/],
		[
			404,
			apiError(10003, 'no widget'),
			/"no widget \(10003\)"\. Check 'Widget Key'\. In Calltouch, check/,
		],
		[400, violation(TOO_SOON), /Before you try again, check whether the client was called/],
		[422, JSON.stringify({ message: TOO_SOON }), /check whether the client was called/],
		[403, '{"message":"Invalid credentials"}', /"Invalid credentials"\. Open the credential/],
		[404, '', /Check 'Base URL' in the credential/],
	])(
		"fails with Calltouch's message and says what to check after HTTP %i with %s",
		async (status, body, words) => {
			simulator.setIntercept(answering(status, body));
			const { error } = await run(simulator, calling([phone]));
			expect(error.message).toContain('Could not create the callback: ');
			expect(error.message).toContain(`[item 0, callback to ${phone}]`);
			expect(error.description).toMatch(words);
			expect(error.description).not.toMatch(MAY_HAVE_RUNG);
		},
	);

	it('is not retried after HTTP 429 if the number was called a moment ago', async () => {
		simulator.setIntercept(answering(429, apiError(10010, TOO_SOON)));
		const { error } = await run(simulator, calling([phone]));
		expect(error.message).toContain('Calltouch did not accept the request (HTTP 429)');
		expect(error.description).toContain(`Calltouch says: "${TOO_SOON} (10010)".`);
		expect(error.description).toContain(
			'Before you try again, check whether the client was called',
		);
		expect(callbackRequests(simulator)).toHaveLength(1);
	});

	it('is sent again by a later attempt, because the phone did not ring', async () => {
		const execution = calling([phone], { routeKey: 'other' });
		const first = await run(simulator, execution);
		expect(first.error.description).toContain('(10003)');
		const later = await retry(simulator, calling([phone]), first);
		expect(later.items[0]?.json.phoneNumber).toBe(phone);
		expect(rung(simulator)).toEqual([phone]);
	});

	it('fails with a message that mentions the token if the token is wrong', async () => {
		const { error } = await run(
			simulator,
			calling([phone], {}, { credential: { clientApiId: 'of-another-account' } }),
		);
		expect(error.message).toContain('Calltouch did not accept the API token (HTTP 403)');
		expect(error.description).toContain('Calltouch says: "Invalid credentials"');
	});
});

describe('A callback that was not delivered', () => {
	it('is sent again after HTTP 429', async () => {
		let left = 2;
		simulator.setIntercept((...all) => left-- > 0 && answering(429)(...all));
		const { items } = await run(simulator, calling([phone]));
		expect(items[0]?.json.phoneNumber).toBe(phone);
		expect(callbackRequests(simulator)).toHaveLength(3);
		expect(rung(simulator)).toEqual([phone]);
	});

	it('is sent again after the connection was refused', async () => {
		const { port } = new URL(simulator.url);
		const name = hostName((use) => (use === 1 ? 'refused' : 'reached'));
		const { items } = await run({ ...simulator, url: `http://${name}:${port}` }, calling([phone]));
		expect(items[0]?.json.phoneNumber).toBe(phone);
		expect(rung(simulator)).toEqual([phone]);
	});
});

/** Ways to lose a response, or to return a response that does not show whether the phone rang. */
const LOSSES = Object.entries({
	'a cut connection': cutting,
	'a cut connection after the phone rang': cuttingAfterwards,
	'HTTP 409': answering(409),
	'HTTP 500': answeringAfterwards(500),
	'HTTP 503': answeringAfterwards(503),
	'a redirect': answering(302, '', { location: 'https://example.com/' }),
	'a web page': answeringAfterwards(200, '<html></html>'),
	'an empty body': answeringAfterwards(200, ''),
	'truncated JSON': answeringAfterwards(200, '{"data":{"widgetRequ'),
	'a list': answeringAfterwards(200, '[{"data":{"widgetRequestId":7}}]'),
	'an ID in the wrong place': answeringAfterwards(200, '{"widgetRequestId":7}'),
	'the ID 0': answeringAfterwards(200, '{"data":{"widgetRequestId":0}}'),
	'the ID -1': answeringAfterwards(200, '{"data":{"widgetRequestId":-1}}'),
	'the ID null': answeringAfterwards(200, '{"data":{"widgetRequestId":null}}'),
	'HTTP 200 with an error': answeringAfterwards(200, apiError(10013, 'bad phone')),
	'an ID next to an error': answeringAfterwards(
		200,
		'{"data":{"widgetRequestId":7,"apiErrorData":{"errorCode":10013}}}',
	),
});

describe.each(LOSSES)(
	'A callback request that gets %s instead of a confirmation',
	(_what, lose) => {
		it('fails immediately and is not sent again by a later attempt', async () => {
			simulator.setIntercept(lose);
			const first = await run(simulator, calling([phone]));
			expect(first.error.message).toContain('Could not confirm that the callback was created: ');
			expect(first.error.message).toContain(`[item 0, callback to ${phone}]`);
			expect(first.error.description).toMatch(MAY_HAVE_RUNG);
			const retried = await retry(simulator, calling([phone]), first);
			const other = await run(simulator, calling([phone]));
			for (const { error } of [retried, other]) {
				expect(error.message).toContain('so the callback was not sent again');
				expect(error.description).toMatch(MAY_HAVE_RUNG);
			}
			expect(callbackRequests(simulator)).toHaveLength(1);
		});

		it('is not sent again by Retry On Fail', async () => {
			simulator.setIntercept(lose);
			await run(simulator, calling([phone], {}, { nodeSettings: { ...RETRY_ON_FAIL } }));
			expect(callbackRequests(simulator)).toHaveLength(1);
		});
	},
);

describe('A callback request with a lost response', () => {
	beforeEach(() => simulator.setIntercept(cuttingAfterwards));
	/** The simulator with its clock `ms` milliseconds ahead. */
	const later = (ms: number): Target => {
		const { clock } = simulator;
		return {
			url: simulator.url,
			clock: Object.create(clock, {
				epochMs: { value: () => clock.epochMs() + ms },
				nowMs: { value: () => clock.nowMs() + ms },
			}),
		};
	};
	const expectOneRequest = () => expect(callbackRequests(simulator)).toHaveLength(1);

	const cuttingLater: Intercept = (_request, response) => {
		void simulator.clock.sleep(50).then(() => response.destroy());
		return true;
	};

	it("fails with an error that contains Calltouch's message, if any", async () => {
		simulator.setIntercept(answering(500, '{"message":"Internal error"}'));
		const { error } = await run(simulator, calling([phone]));
		expect(error.description).toContain('Calltouch says: "Internal error".');
	});

	it.each([
		['differently', (number: string) => `8 ${number.slice(1)}`],
		['as a number', (number: string) => Number(number)],
		['with invisible characters', (number: string) => `\u200B+${number}\u00A0`],
	])(
		'is not sent again by another item with the same number written %s',
		async (_what, written) => {
			const failed = await run(simulator, calling([phone, written(phone)], {}, CONTINUE));
			expect(errorsOf(failed)[1]).toContain('an earlier attempt got no clear response');
			expectOneRequest();
		},
	);

	it('is not sent again through another widget or with other values', async () => {
		const first = await run(simulator, calling([phone]));
		const changed = { routeKey: 'other', additionalFields: { utmTerm: '={{ $now }}' } };
		await retry(simulator, calling([phone], changed), first);
		await run(simulator, calling([phone], changed));
		expectOneRequest();
	});

	it('is not sent to a different number by a retry', async () => {
		const first = await run(simulator, calling([phone]));
		const { status } = await retry(
			simulator,
			calling([freshPhone()], { phoneNumber: freshPhone() }),
			first,
		);
		expect(status).toBe('error');
		expectOneRequest();
	});

	it('is not sent again with the credential for another account', async () => {
		const first = await run(
			simulator,
			calling([phone], {}, { credential: { clientApiId: 'of-another-account' } }),
		);
		await retry(simulator, calling([phone]), first);
		await run(simulator, calling([phone]));
		expectOneRequest();
	});

	it('is not sent again by a retry days later with another credential and other values', async () => {
		const first = await run(
			simulator,
			calling([phone], {}, { credential: { clientApiId: 'of-another-account' } }),
		);
		const changed = calling([phone], { additionalFields: { utmTerm: 'other' } });
		const retried = await retry(later(3 * DAY_MS), changed, first);
		expect(retried.status).toBe('error');
		expectOneRequest();
	});

	it('is sent again by another execution only after 24 hours', async () => {
		await run(simulator, calling([phone]));
		await run(later(DAY_MS - 60_000), calling([phone]));
		expectOneRequest();
		simulator.setIntercept(undefined);
		simulator.callbacks.length = 0;
		const { items } = await run(later(DAY_MS + 60_000), calling([phone]));
		expect(items[0]?.json.phoneNumber).toBe(phone);
	});

	it('is not sent again by an execution that waited for its response', async () => {
		simulator.setIntercept(cuttingLater);
		const both = await Promise.all([1, 2].map(async () => await run(simulator, calling([phone]))));
		for (const { error } of both) expect(error.description).toMatch(MAY_HAVE_RUNG);
		expectOneRequest();
	});

	it('is not sent again by a simultaneous execution with another account', async () => {
		simulator.setIntercept(cuttingLater);
		const accounts = [CANARY, 'of-another-account'];
		const both = await Promise.all(
			accounts.map(
				async (clientApiId) =>
					await run(simulator, calling([phone], {}, { credential: { clientApiId } })),
			),
		);
		for (const { error } of both) expect(error.description).toMatch(MAY_HAVE_RUNG);
		expectOneRequest();
	});

	it('is not sent again by a loop over the error output', async () => {
		let rounds = 1;
		const { parameters } = calling([], { additionalFields: { utmTerm: '={{ $runIndex }}' } });
		const file = singleNodeWorkflow({
			type: NODE_TYPE,
			parameters,
			items: [{ json: { phone }, pairedItem: { item: 0 } }],
			nodeSettings: { onError: 'continueErrorOutput' },
		});
		const { data } = await execute(withErrorLoop(file), {
			nodeTypes: { [NODE_TYPE]: nodeFor(simulator), ...againTypes(() => ++rounds <= 3) },
			credential: credentialFor(simulator),
		}).finished;
		expect(data.resultData.runData.Calltouch).toHaveLength(3);
		expectOneRequest();
	});

	it.each([
		['with', startedExecution],
		['without', createEmptyRunExecutionData],
	])('is not sent again by an agent in an execution %s data', async (_given, executionData) => {
		const call = toolOf(simulator, {
			parameters: { ...NEW_CALLBACK, phoneNumber: "={{ $fromAI('Phone') }}" },
			nodeSettings: RETRY_ON_FAIL,
			runExecutionData: executionData(),
		});
		await expect(call({ Phone: phone })).rejects.toThrow(/may have rung|was created/);
		await expect(call({ Phone: `+${phone}` })).rejects.toThrow(/was created/);
		expectOneRequest();
	});

	it.each(['canceled', 'timed out'])(
		'is not sent again if the execution was %s during the request',
		async (how) => {
			const running = start(simulator, calling([phone]));
			simulator.setIntercept((_request, _response, carryOut) => {
				carryOut();
				if (how === 'canceled') running.cancel();
				return true;
			});
			await running.finished;
			// n8n does not wait for a canceled node.
			await sleep(50);
			const { error } = await run(simulator, calling([phone]));
			expect(error.description).toMatch(MAY_HAVE_RUNG);
			expectOneRequest();
		},
	);

	it('does not prevent calls to other numbers', async () => {
		const others = [freshPhone(), freshPhone()];
		simulator.setIntercept(strikingPhone(cuttingAfterwards));
		const execution = calling([phone, ...others]);
		const first = await run(simulator, execution);
		expect(first.status).toBe('error');
		const retried = await retry(simulator, execution, first);
		expect(retried.error.description).toContain('2 of 3 items succeeded');
		expect(rung(simulator).sort()).toEqual([phone, ...others]);
	});
});

describe('A callback confirmed by Calltouch', () => {
	it('is returned by a retry instead of being sent again', async () => {
		const first = await run(simulator, calling([phone, phone]));
		expect(first.status).toBe('error');
		const retried = await retry(simulator, calling([], {}, CONTINUE), first);
		expect(rung(simulator)).toEqual([phone]);
		expect(retried.items[0]?.json).toEqual({
			widgetRequestId: simulator.callbacks[0]?.id,
			phoneNumber: phone,
		});
	});

	it('is returned by a retry with the credential for another account instead of being sent again', async () => {
		const other = await startSimulator({ token: 'of-another-account' });
		const credential = { clientApiId: other.token };
		const second = freshPhone();
		other.setIntercept(({ parameters }, ...rest) =>
			parameters.get('phone') === phone ? false : answering(400)({} as never, ...rest),
		);
		const first = await run(other, calling([phone, second], {}, { credential }));
		expect(first.status).toBe('error');
		const retried = await retry(simulator, calling([], {}, CONTINUE), first);
		expect(retried.items[0]?.json.phoneNumber).toBe(phone);
		expect(rung(other)).toEqual([phone]);
		expect(rung(simulator)).toEqual([second]);
	});

	it('is not sent to a changed number by a retry, and a hint says how to call that number', async () => {
		const first = await run(simulator, calling([phone, phone]));
		const changed = { phoneNumber: `={{ $itemIndex ? $json.phone : '${freshPhone()}' }}` };
		const retried = await retry(simulator, calling([], changed, CONTINUE), first);
		expect(rung(simulator)).toEqual([phone]);
		expect(retried.items[0]?.json.phoneNumber).toBe(phone);
		expect(retried.hints.join()).toContain('to call a client back again, start a new execution');
	});

	it('is not sent again if another item causes Retry On Fail to run the node again', async () => {
		simulator.setIntercept(({ parameters }, ...rest) =>
			parameters.get('phone') === phone ? false : answering(400)({} as never, ...rest),
		);
		await run(
			simulator,
			calling([phone, freshPhone()], {}, { nodeSettings: { ...RETRY_ON_FAIL } }),
		);
		expect(rung(simulator)).toEqual([phone]);
	});

	it.each(['the same', 'other'])(
		'is returned instead of being sent again if an agent repeats the tool call with %s values',
		async (values) => {
			const call = toolOf(simulator, {
				parameters: {
					...NEW_CALLBACK,
					phoneNumber: "={{ $fromAI('Phone') }}",
					additionalFields: { tags: "={{ $fromAI('Tag') }}" },
				},
			});
			const first = await call({ Phone: phone, Tag: 'vip' });
			await simulator.clock.sleep(61_000);
			const again = { Phone: `+${phone}`, Tag: values === 'other' ? 'bot' : 'vip' };
			expect(await call(again)).toBe(first);
			const other = freshPhone();
			await call({ Phone: other, Tag: 'vip' });
			expect(rung(simulator)).toEqual([phone, other]);
		},
	);

	it("is sent again by another execution after Calltouch's minimum interval", async () => {
		await run(simulator, calling([phone]));
		await simulator.clock.sleep(61_000);
		const { items } = await run(simulator, calling([phone]));
		expect(items[0]?.json.phoneNumber).toBe(phone);
		expect(rung(simulator)).toEqual([phone, phone]);
	});
});

it('A run that stops after a failure reports how many callbacks succeeded', async () => {
	simulator.setIntercept(strikingPhone(cuttingAfterwards));
	const { error } = await run(simulator, calling([phone, freshPhone()]));
	expect(error.message).toContain('[item 0');
	expect(error.description).toMatch(/of 2 items succeeded before the run stopped/);
});
