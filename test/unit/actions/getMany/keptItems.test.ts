import { KeptItems } from '../../../../nodes/Calltouch/actions/getMany/keptItems';
import type { SortOrder } from '../../../../nodes/Calltouch/actions/getMany/limit';

const kept = (limit: number, order: SortOrder | undefined, times: Array<number | undefined>) => {
	const items = new KeptItems(limit, order);
	times.forEach((timeMs, id) => items.add(timeMs, id, { id }));
	return items;
};
const idsOf = (items: KeptItems) => items.items().map(({ id }) => id);

it.each<[SortOrder | undefined, number, Array<number | undefined>, number[]]>([
	['newest', 2, [1, 3, 2], [1, 2]],
	['oldest', 2, [2, 3, 1], [2, 0]],
	['newest', 3, [5, 5, 5], [2, 1, 0]],
	['oldest', 3, [5, 5, 5], [0, 1, 2]],
	['newest', 3, [undefined, 1, 2], [2, 1, 0]],
	['oldest', 3, [undefined, 2, 1], [2, 1, 0]],
	['newest', Infinity, [1, 2, 3], [2, 1, 0]],
	['newest', 1, [3, 1, 2, 5, 4], [3]],
	['oldest', 1, [3, 1, 2, 5, 4], [1]],
	[undefined, 2, [1, 3, 2], [0, 1]],
])(
	'With the sort order %s and a limit of %d, items with the times %j are reduced to the IDs %j',
	(order, limit, times, ids) => {
		expect(idsOf(kept(limit, order, times))).toEqual(ids);
	},
);

it('Get Many needs no further items once it has enough, unless it sorts them', () => {
	expect(kept(2, undefined, [1]).wantsMore).toBe(true);
	expect(kept(2, undefined, [1, 2]).wantsMore).toBe(false);
	expect(kept(2, 'newest', [1, 2, 3]).wantsMore).toBe(true);
});

it('Get Many counts an item without a time only if it keeps the item', () => {
	const items = kept(2, 'newest', [undefined, 1, undefined]);
	expect(idsOf(items)).toHaveLength(2);
	expect(items.undated).toBe(1);
});
