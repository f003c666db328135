// @ts-check
// The shape of a JSON value: its keys and types, written as in TypeScript, without the values.
const { isOwnText } = require('./testValues');
const { isKnownKey } = require('./publicWords');

/**
 * The shape of one or more values.
 *
 * @typedef {object} Shape
 * @property {Set<string>} types of the values that are neither objects nor lists
 * @property {number} objects the number of values that are objects
 * @property {Map<string, { shape: Shape, count: number }>} members of the objects
 * @property {Shape | undefined} items of the lists
 */

const MAX_DEPTH = 10;
/** Replaces every key that is not a known API key. */
const HIDDEN_KEY = '[hidden key]';
/** @type {Array<[RegExp, string]>} */
const FORMATS = [
	[/^$/, '""'],
	[/^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d$/, 'string (nn/nn/nnnn nn:nn:nn)'],
	[/^\d\d\.\d\d\.\d{4}$/, 'string (nn.nn.nnnn)'],
	[/^\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d$/, 'string (nn.nn.nnnn nn:nn:nn)'],
	[/^\d\d-\d\d-\d{4} \d\d:\d\d:\d\d$/, 'string (nn-nn-nnnn nn:nn:nn)'],
	[/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/, 'string (nnnn-nn-nn nn:nn)'],
	[/^\d+$/, 'string (digits)'],
	[/^\d+\.\d+$/, 'string (decimal)'],
];

/** @param {unknown} value */
function shapeOf(value) {
	const shape = newShape();
	add(shape, value, 0);
	return written(shape);
}

/** @returns {Shape} */
function newShape() {
	return { types: new Set(), objects: 0, members: new Map(), items: undefined };
}

/** @param {Shape} shape @param {unknown} value @param {number} depth */
function add(shape, value, depth) {
	if (depth > MAX_DEPTH) {
		shape.types.add('…');
	} else if (Array.isArray(value)) {
		shape.items ??= newShape();
		for (const item of value) add(shape.items, item, depth + 1);
	} else if (typeof value === 'object' && value !== null) {
		addObject(shape, value, depth);
	} else {
		shape.types.add(typeName(value));
	}
}

/** @param {Shape} shape @param {object} value @param {number} depth */
function addObject(shape, value, depth) {
	shape.objects++;
	/** @type {Set<string>} */
	const seen = new Set();
	for (const [key, member] of Object.entries(value)) {
		const name = isKnownKey(key) ? key : HIDDEN_KEY;
		const known = shape.members.get(name) ?? { shape: newShape(), count: 0 };
		if (!seen.has(name)) known.count++;
		seen.add(name);
		shape.members.set(name, known);
		add(known.shape, member, depth + 1);
	}
}

/** @param {unknown} value */
function typeName(value) {
	if (value === null) return 'null';
	if (typeof value !== 'string') return typeof value;
	if (isOwnText(value)) return JSON.stringify(value);
	return FORMATS.find(([format]) => format.test(value))?.[1] ?? 'string';
}

/** @param {Shape} shape @returns {string} */
function written({ types, objects, members, items }) {
	const alternatives = [...types].sort();
	if (objects > 0) {
		const entries = [...members].map(
			([key, { shape, count }]) => `${key}${count < objects ? '?' : ''}: ${written(shape)}`,
		);
		alternatives.push(entries.length > 0 ? `{ ${entries.join('; ')} }` : '{}');
	}
	if (items) alternatives.push(listOf(written(items)));
	return alternatives.join(' | ') || '';
}

/** @param {string} item */
function listOf(item) {
	if (item === '') return '[]';
	return item.includes(' | ') && !item.startsWith('{') ? `(${item})[]` : `${item}[]`;
}

module.exports = { shapeOf };
