import { NAMES } from './names';

/**
 * The bus's log group. Under this prefix CloudWatch Logs lets AWS services write without a policy for each group. In names.ts it would be in every
 * function's bundle, since esbuild keeps a text that is put together.
 */
export const BUS_LOG_GROUP = `/aws/vendedlogs/events/event-bus/${NAMES.bus}`;
