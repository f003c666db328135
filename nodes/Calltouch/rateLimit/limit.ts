/** Calltouch's documented limit for one IP address, in requests per second. */
export const MAX_REQUESTS_PER_SECOND = 5;
