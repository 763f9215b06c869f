import type { CrossFieldRule } from './define-event';

/** An event's identity is (`event_id`, time): an id that the producer chose is only repeatable with the time it chose too. */
export const identityRules: readonly CrossFieldRule[] = [
  {
    field: 'occurred_at',
    message: 'is missing: an event with its own event_id must say when it occurred, so that a retry is the same event',
    jsonSchema: { dependentRequired: { event_id: ['occurred_at'] } },
    holds: ({ event_id, occurred_at }) => event_id === undefined || occurred_at !== undefined,
  },
];
