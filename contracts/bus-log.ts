import { NAMES } from './names';

/** The bus's own log. Under this prefix CloudWatch Logs lets other services of AWS write without a policy for each group. */
export const BUS_LOG_GROUP = `/aws/vendedlogs/events/event-bus/${NAMES.bus}`;
