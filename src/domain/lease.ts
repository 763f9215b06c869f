/**
 * A lease names the invocation that is notifying about an event: its deadline in epoch milliseconds, `#`, its request id. The deadline has 13
 * digits until the year 2286, so a lease compares with the current time as a string.
 */
export const leaseOf = (deadline: number, requestId: string) => `${deadline}#${requestId}`;
