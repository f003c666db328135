import type { IDataObject } from 'n8n-workflow';

import { eventOf } from '../../../nodes/Calltouch/trigger/events';
import {
	passesFilter,
	type DeliveryFilter,
	type Flag,
} from '../../../nodes/Calltouch/trigger/filter';
import { DEAL, ENDED, REQUESTED } from '../../support/deliveries';

const EVERYTHING: DeliveryFilter = {
	events: ['callEnded', 'requestCreated', 'other'],
	siteIds: undefined,
	flags: [],
};
const passing = (filter: Partial<DeliveryFilter>, delivery: IDataObject) =>
	passesFilter({ ...EVERYTHING, ...filter }, eventOf(delivery), delivery);

it('A webhook passes the filter if its event is selected', () => {
	expect(passing({}, ENDED)).toBe(true);
	expect(passing({ events: ['callStarted', 'requestCreated'] }, ENDED)).toBe(false);
	expect(passing({ events: [] }, ENDED)).toBe(false);
});

it('A webhook passes the filter if its site is listed, but not if it has no site', () => {
	expect(passing({ siteIds: ['1', '10001'] }, ENDED)).toBe(true);
	expect(passing({ siteIds: ['1'] }, ENDED)).toBe(false);
	expect(passing({ siteIds: ['1'] }, { ...ENDED, siteId: undefined })).toBe(false);
	expect(passing({ siteIds: ['10001'] }, { ...DEAL, siteId: '10001' })).toBe(true);
	expect(passing({ siteIds: ['10001'] }, DEAL)).toBe(false);
});

describe.each<[Flag, string, string]>([
	['targetOnly', 'targetcall', 'target'],
	['uniqueOnly', 'unique', 'true'],
	['successfulOnly', 'status', 'successful'],
])('With %s for calls,', (flag, parameter, word) => {
	it(`a call passes the filter only if ${parameter} is ${word}`, () => {
		for (const one of [word, word.toUpperCase()])
			expect(passing({ flags: [flag] }, { ...ENDED, [parameter]: one })).toBe(true);
		expect(passing({ flags: [flag] }, { ...ENDED, [parameter]: 'no' })).toBe(false);
		expect(passing({ flags: [flag] }, { ...ENDED, [parameter]: undefined })).toBe(false);
	});
});

describe.each<[Flag, string, string]>([
	['targetOnly', 'targetrequest', 'target'],
	['uniqueOnly', 'uniquerequest', 'true'],
])('With %s for web form requests,', (flag, parameter, word) => {
	it(`a web form request passes the filter only if ${parameter} is ${word}`, () => {
		expect(passing({ flags: [flag] }, { ...REQUESTED, [parameter]: word })).toBe(true);
		expect(passing({ flags: [flag] }, { ...REQUESTED, [parameter]: 'no' })).toBe(false);
	});
});

it('The filter for answered calls lets web form requests through, and every filter lets other events through', () => {
	expect(passing({ flags: ['successfulOnly'] }, REQUESTED)).toBe(true);
	expect(passing({ flags: ['targetOnly', 'uniqueOnly', 'successfulOnly'] }, DEAL)).toBe(true);
});

it('A webhook passes only if it passes every filter', () => {
	const call = { ...ENDED, targetcall: 'target', unique: 'false' };
	expect(passing({ flags: ['targetOnly'] }, call)).toBe(true);
	expect(passing({ flags: ['targetOnly', 'uniqueOnly'] }, call)).toBe(false);
});
