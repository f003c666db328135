/** The limit of Calltouch's API for one IP address, in requests a second. */
export const MAX_REQUESTS_PER_SECOND = 5;
