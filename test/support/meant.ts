/**
 * What a value of an item means, stated independently of the node's code: nothing is to be sent, exactly this text is, any
 * text that passes a check is, or the item is to be refused with the field's label.
 */
export type Meaning =
	| { kind: 'nothing' }
	| { kind: 'text'; text: string }
	| { kind: 'such'; isMeant(sent: string): boolean; mayBeRefused?: boolean }
	| { kind: 'refused' };

const NOTHING: Meaning = { kind: 'nothing' };
const REFUSED: Meaning = { kind: 'refused' };
const MOST_EXACT = 2 ** 53 - 1;

/** Whether a text can be written as UTF-8: half a surrogate pair can't. */
export function isWellFormed(text: string): boolean {
	return Buffer.from(text).toString() === text;
}

/** Text of any kind; a number in digits that make the same number again. */
export function meantText(value: unknown): Meaning {
	if (value === null || value === undefined) return NOTHING;
	switch (typeof value) {
		case 'string':
			if (value.trim() === '') return NOTHING;
			return isWellFormed(value) ? { kind: 'text', text: value.trim() } : REFUSED;
		case 'number':
			return Number.isFinite(value)
				? {
						kind: 'such',
						isMeant: (sent) => /^-?\d+(\.\d+)?$/.test(sent) && Number(sent) === value,
					}
				: REFUSED;
		case 'boolean':
			return { kind: 'text', text: value ? 'true' : 'false' };
		default:
			return REFUSED;
	}
}

/** An identifier of another system's. */
export function meantIdentifier(value: unknown): Meaning {
	return typeof value === 'number' && Math.abs(value) > MOST_EXACT ? REFUSED : meantText(value);
}

/** An id of Calltouch's, or a count: digits only. */
export function meantDigits(value: unknown): Meaning {
	const meaning = meantIdentifier(value);
	if (typeof value === 'number') {
		return Number.isSafeInteger(value) && value >= 0 ? meaning : REFUSED;
	}
	return meaning.kind === 'text' && !/^[0-9]+$/.test(meaning.text) ? REFUSED : meaning;
}

/** An amount, where the value was not made on purpose: not a digit may be lost, and what has no digit is none. */
export function meantAmount(value: unknown): Meaning {
	const meaning = meantIdentifier(value);
	if (typeof value === 'number') return value < 0 ? REFUSED : meaning;
	if (meaning.kind !== 'text') return meaning;
	if (!/[0-9]/.test(meaning.text) || /[\p{L}-]/u.test(meaning.text)) return REFUSED;
	const digits = meaning.text.replace(/[^0-9]/g, '');
	return {
		kind: 'such',
		isMeant: (sent) => /^\d+(\.\d+)?$/.test(sent) && sent.replace('.', '') === digits,
		mayBeRefused: true,
	};
}

/** What parts two phone numbers that stand in one text. */
const BETWEEN_PHONES = [...';,/|+\uFF0B\n\v\f\r\u0085\u2028\u2029'];

/**
 * A phone number: its digits, those of a Russian one with the 7. Refused where it is certain that it is none or more than one;
 * how strange a mask may be is left open.
 */
export function meantPhone(value: unknown): Meaning {
	const meaning = meantText(value);
	if (meaning.kind === 'nothing' || meaning.kind === 'refused') return meaning;
	// A number such as 1e-7 is no phone number, in whatever digits it is written.
	if (typeof value === 'number' && !Number.isSafeInteger(value)) return REFUSED;
	const given = String(value);
	const isDigit = (one: string) => one >= '0' && one <= '9';
	const digits = [...given].filter(isDigit).join('');
	if (digits.length < 7 || digits.length > 15 || /\p{L}/u.test(given)) return REFUSED;
	const first = [...given].findIndex(isDigit);
	const before = [...given].slice(0, first);
	const fromFirst = given.slice(before.join('').length).trimEnd();
	const within = fromFirst.slice(0, 1 + [...fromFirst].map(isDigit).lastIndexOf(true));
	if (BETWEEN_PHONES.some((sign) => within.includes(sign))) return REFUSED;
	if (/^\d+\.\d+$/.test(fromFirst)) return REFUSED;
	const isInternational = before.some((one) => one === '+' || one === '\uFF0B');
	if (isInternational && /^8[ ()-]|^89/.test(fromFirst)) return REFUSED;
	const national = /^8?(\d{10})$/.exec(digits)?.[1];
	const meant = isInternational || national === undefined ? digits : `7${national}`;
	return { kind: 'such', isMeant: (sent) => sent === meant, mayBeRefused: true };
}

/** An e-mail address. */
export function meantEmail(value: unknown): Meaning {
	const meaning = meantText(value);
	if (meaning.kind === 'such') return REFUSED;
	if (meaning.kind !== 'text') return meaning;
	const [before = '', ...after] = meaning.text.split('@');
	return !/\s/.test(meaning.text) && before !== '' && after.join('@') !== ''
		? meaning
		: MAYBE_EMAIL;
}

/** `@a@b` has something on both sides of its second sign: whether that is an address is not for this page to say. */
const MAYBE_EMAIL: Meaning = {
	kind: 'such',
	isMeant: (sent) => /^\S+@\S+$/.test(sent),
	mayBeRefused: true,
};

/** A date, where the value was not made on purpose: if it is sent, then as a day that there is. */
export function meantAnyDate(value: unknown): Meaning {
	const meaning = meantText(value);
	if (meaning.kind === 'nothing') return meaning;
	return { kind: 'such', isMeant: isWallClock, mayBeRefused: true };
}

function isWallClock(sent: string): boolean {
	const parts = /^(\d\d)\.(\d\d)\.(\d{4}) (\d\d):(\d\d):(\d\d)$/.exec(sent)?.slice(1).map(Number);
	if (!parts) return false;
	const [day = 0, month = 0, year = 0, hour = 0, minute = 0, second = 0] = parts;
	const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
	return (
		year >= 2000 &&
		year <= 2100 &&
		date.toISOString().startsWith(sent.replace(/^(\d\d)\.(\d\d)\.(\d{4}) (.*)$/, '$3-$2-$1T$4'))
	);
}

/** One of some words, or nothing. */
export function meantChoice(choices: string[]): (value: unknown) => Meaning {
	return (value) => {
		const meaning = meantText(value);
		if (meaning.kind === 'nothing') return meaning;
		return meaning.kind === 'text' && choices.includes(meaning.text) ? meaning : REFUSED;
	};
}

/** Tags: pieces between commas, or the elements of a list, none of which may hold a comma. */
export function meantTags(value: unknown): Meaning {
	if (!Array.isArray(value)) {
		const meaning = meantText(value);
		return meaning.kind === 'text' ? joined(meaning.text.split(',')) : meaning;
	}
	const meanings = value.map(meantText);
	const isRefused = (meaning: Meaning) =>
		meaning.kind === 'refused' || (meaning.kind === 'text' && meaning.text.includes(','));
	if (meanings.some(isRefused)) return REFUSED;
	// How a number is written is checked elsewhere; in a list its text is left open.
	if (meanings.some(({ kind }) => kind === 'such')) return { kind: 'such', isMeant: () => true };
	return joined(meanings.map((meaning) => (meaning.kind === 'text' ? meaning.text : '')));
}

function joined(pieces: string[]): Meaning {
	const tags = [...new Set(pieces.map((piece) => piece.trim()).filter((piece) => piece !== ''))];
	return tags.length > 0 ? { kind: 'text', text: tags.join(',') } : NOTHING;
}

/** The custom fields of one item: what each name is to be sent with; undefined when the item is to be refused. */
export function meantCustomFields(
	rows: Array<{ name: unknown; value: unknown }>,
): Map<string, Meaning> | undefined {
	const fields = new Map<string, Meaning>();
	for (const row of rows) {
		const name = meantText(row.name);
		const value = meantText(row.value);
		if (name.kind !== 'text' || /[[\]]/.test(name.text)) return undefined;
		if (fields.has(name.text) || value.kind === 'refused') return undefined;
		fields.set(name.text, value);
	}
	return fields;
}

/** The wall clock of a moment in a zone, by the machine's own calendar and not by the library that the node uses. */
export function wallClock(ms: number, zone: string): string {
	const parts = new Intl.DateTimeFormat('en-GB', {
		timeZone: zone,
		dateStyle: 'short',
		timeStyle: 'medium',
		hourCycle: 'h23',
	}).formatToParts(ms);
	const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
	return `${part('day')}.${part('month')}.${part('year')} ${part('hour')}:${part('minute')}:${part('second')}`;
}
