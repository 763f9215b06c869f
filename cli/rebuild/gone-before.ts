import { MIN_EVENT_RETENTION_DAYS } from '../../contracts/retention';

/**
 * The time before which events may have gone from the log: by the shortest retention that there can have been, since the parameter may have been
 * another one when they were handled.
 * @param days the stack's `EventRetentionDays`
 * @param now epoch milliseconds
 * @returns epoch milliseconds; 0 when the log is kept for ever
 */
export const goneBefore = (days = '0', now: number): number =>
  days === '0' ? 0 : now - MIN_EVENT_RETENTION_DAYS * 86_400_000;
