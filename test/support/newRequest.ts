import { DEFAULT_SITE_ID, type Received } from '../../simulator/server';
import type { Execution, Simulator } from './calltouch';

/** The required values of a new web form request, and its number. */
export const NEW_REQUEST = {
	resource: 'request',
	operation: 'create',
	subject: 'Telegram bot',
	phoneNumber: '+7 916 123-45-67',
	requestNumber: 'lead-1',
};

/** An execution that creates web form requests; the credential has a Site ID. */
export function creating(parameters: object, execution: Partial<Execution> = {}): Execution {
	return {
		...execution,
		parameters: { ...NEW_REQUEST, ...parameters },
		credential: { siteId: DEFAULT_SITE_ID, ...execution.credential },
	};
}

/** The web form requests created in the simulator, filtered by number if one is specified. */
export function createdRequests({ leads }: Simulator, number?: string) {
	return leads.filter(
		({ sent, foreignId }) => sent !== undefined && (number ?? foreignId) === foreignId,
	);
}

/** The requests to the simulator that create web form requests. */
export function registrations({ received }: Simulator) {
	return received.filter(({ path }) => path.includes('/requests/') && path.includes('/register/'));
}

/** Whether a request reads web form requests. */
export function isReading({ path }: Received): boolean {
	return path.endsWith('/RestAPI/requests/');
}

/** The requests to the simulator that read web form requests. */
export function readings({ received }: Simulator) {
	return received.filter(isReading);
}
