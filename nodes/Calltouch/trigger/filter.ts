import type { IDataObject } from 'n8n-workflow';

import { parameterText } from './delivery';
import { subjectOf, type Subject, type TriggerEvent } from './events';

/** The filters that the user can turn on or off. */
export const FLAGS = ['targetOnly', 'uniqueOnly', 'successfulOnly'] as const;
export type Flag = (typeof FLAGS)[number];

/** For each subject, the parameter that a flag checks, and the value that passes the filter. */
const PASSING: Record<Subject, Partial<Record<Flag, [parameter: string, word: string]>>> = {
	call: {
		targetOnly: ['targetcall', 'target'],
		uniqueOnly: ['unique', 'true'],
		successfulOnly: ['status', 'successful'],
	},
	request: {
		targetOnly: ['targetrequest', 'target'],
		uniqueOnly: ['uniquerequest', 'true'],
	},
	other: {},
};

/** The conditions that a delivery must meet to start the workflow. */
export interface DeliveryFilter {
	events: readonly TriggerEvent[];
	/** Undefined if events from all sites pass. */
	siteIds: readonly string[] | undefined;
	flags: readonly Flag[];
}

/** Whether a delivery passes the filters. A delivery without a filter's parameter does not pass. */
export function passesFilter(
	{ events, siteIds, flags }: DeliveryFilter,
	event: TriggerEvent,
	delivery: IDataObject,
): boolean {
	if (!events.includes(event)) return false;
	if (siteIds && !siteIds.includes(parameterText(delivery, 'siteId') ?? '')) return false;
	return flags.every((flag) => {
		const [parameter, word] = PASSING[subjectOf(event)][flag] ?? [];
		return parameter === undefined || parameterText(delivery, parameter)?.toLowerCase() === word;
	});
}
