/** Queues that an operator works on: the dead-letter queue of each function, and the queue of events that match no rule. */
import {
  deadLetterQueueName,
  functionName,
  QUEUED_FUNCTION_KEYS,
  type QueuedFunctionKey,
} from '../../contracts/functions';
import { NAMES } from '../../contracts/names';

export type QueueKey = QueuedFunctionKey | 'unrouted';

export const QUEUE_KEYS: readonly QueueKey[] = [...QUEUED_FUNCTION_KEYS, 'unrouted'];

/** Without the environment's suffix. */
export const queueName = (key: QueueKey) => (key === 'unrouted' ? NAMES.unroutedQueue : deadLetterQueueName(key));

/** Prefix of the ids of error rows of a queue's events, without the environment's suffix. */
export const ownerName = (key: QueueKey) => (key === 'unrouted' ? NAMES.unroutedQueue : functionName(key));
