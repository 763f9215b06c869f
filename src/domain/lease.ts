/**
 * A lease says who is notifying about an event, and until when: the deadline of that invocation in epoch milliseconds, `#`, its
 * request id. The deadline has 13 digits until the year 2286, so leases compare with a moment as strings.
 */
export const leaseOf = (deadline: number, requestId: string) => `${deadline}#${requestId}`;
