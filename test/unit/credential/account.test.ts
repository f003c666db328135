import {
	checkedSiteId,
	checkedToken,
	readAccount,
} from '../../../nodes/Calltouch/credential/account';

const TOKEN = 'a-token-of-an-account';
const CREDENTIAL = {
	clientApiId: TOKEN,
	baseUrl: 'https://api.calltouch.ru/',
	timeZone: 'Asia/Vladivostok',
	requestsPerSecond: 2.5,
};

it('An account has all values of its credential except the token', () => {
	const account = readAccount(CREDENTIAL);
	expect(account).toMatchObject({
		origin: 'https://api.calltouch.ru',
		zone: 'Asia/Vladivostok',
		requestsPerSecond: 2.5,
	});
	expect(JSON.stringify(account)).not.toContain(TOKEN);
	expect(account.mask(`GET /?clientApiId=${TOKEN}`)).toBe('GET /?clientApiId=***');
});

it('An account without a rate or a time zone uses 5 requests per second and Moscow time', () => {
	const { clientApiId, baseUrl } = CREDENTIAL;
	const account = readAccount({ clientApiId, baseUrl });
	expect(account).toMatchObject({ zone: 'Europe/Moscow', requestsPerSecond: 5 });
});

it('The account ID is the same for the same token, and different for a different token', () => {
	const { id } = readAccount(CREDENTIAL);
	expect(readAccount({ ...CREDENTIAL, clientApiId: ` ${TOKEN}\n`, timeZone: 'UTC' }).id).toBe(id);
	expect(readAccount({ ...CREDENTIAL, clientApiId: `${TOKEN}2` }).id).not.toBe(id);
});

it.each([0, -1, 5.01, NaN, Infinity, 'fast', null])(
	'A rate of %p requests per second is rejected unless the value counts as empty',
	(requestsPerSecond) => {
		const read = () => readAccount({ ...CREDENTIAL, requestsPerSecond } as never);
		if (requestsPerSecond === null) expect(read().requestsPerSecond).toBe(5);
		else expect(read).toThrow(/'Requests per Second'.*greater than 0 and at most 5/);
	},
);

it.each([0.01, 5, '3'])('A rate of %p requests per second is accepted', (requestsPerSecond) => {
	const account = readAccount({ ...CREDENTIAL, requestsPerSecond });
	expect(account.requestsPerSecond).toBe(Number(requestsPerSecond));
});

it.each(['Europe/Nowhere', 'Moscow time', 'local', 'system', 'UTC+3', ''])(
	'The time zone %p is rejected',
	(timeZone) => {
		expect(() => readAccount({ ...CREDENTIAL, timeZone })).toThrow(/'Time Zone'.*from the list/);
	},
);

it('A Base URL that does not belong to Calltouch is rejected', () => {
	const baseUrl = 'https://example.com';
	expect(() => readAccount({ ...CREDENTIAL, baseUrl })).toThrow(/'Base URL'/);
});

it.each(['', '  ', undefined, null, 7])('The token %p is rejected as empty', (token) => {
	expect(() => checkedToken(token)).toThrow(/'API Token'.*empty/);
});

it.each(['token-с-cyrillic', 'two\nlines', 'a\u2028b', 'em—dash'])(
	'The token %p is rejected because no HTTP header can contain it',
	(token) => {
		expect(() => checkedToken(token)).toThrow(
			/'API Token'.*character that is not allowed in a token/,
		);
	},
);

it.each(['a b', 'a\tb', '"<&>\\~', 'é'])('The token %p is accepted', (token) => {
	expect(checkedToken(token)).toBe(token);
});

it('The token is used without surrounding blanks or invisible characters', () => {
	expect(checkedToken(` ${TOKEN}\n`)).toBe(TOKEN);
	expect(checkedToken(`\uFEFF${TOKEN.slice(0, 2)}\u200B${TOKEN.slice(2)}`)).toBe(TOKEN);
});

it.each(['12a', 'a12', '-1', '1 2', 'x'])('The Site ID %p is rejected', (siteId) => {
	expect(() => checkedSiteId(siteId)).toThrow(/'Site ID'.*only digits/);
});

it.each(['', '  ', undefined, null])('The Site ID %p counts as empty', (siteId) => {
	expect(checkedSiteId(siteId)).toBeUndefined();
});

it('The Site ID is used as a string of digits without surrounding blanks', () => {
	expect(checkedSiteId(' 10001\n')).toBe('10001');
	expect(checkedSiteId('10001\u200B')).toBe('10001');
	expect(checkedSiteId(7)).toBe('7');
});
