/** The queues that an operator works on: one behind each function, and the one of events that no rule takes. */
import { FUNCTION_KEYS, type FunctionKey, failureQueueName, functionName } from '../contracts/functions';
import { NAMES } from '../contracts/names';

export type QueueKey = FunctionKey | 'unrouted';

export const QUEUE_KEYS: readonly QueueKey[] = [...FUNCTION_KEYS, 'unrouted'];

/** Without the environment's suffix. */
export const queueName = (key: QueueKey) => (key === 'unrouted' ? NAMES.unroutedQueue : failureQueueName(key));

/** What the error rows of a queue's events begin with, without the environment's suffix: the function, or the queue itself. */
export const ownerName = (key: QueueKey) => (key === 'unrouted' ? NAMES.unroutedQueue : functionName(key));
