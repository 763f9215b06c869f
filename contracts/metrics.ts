/** The application's own CloudWatch metrics (embedded metric format), written by `src` and read by alarms and the dashboard. */
export const METRIC_NAMESPACE = 'LogisticsEventProcessor';

/** Dimensions of every metric below, in this order. */
export const METRIC_DIMENSIONS = ['environment', 'service'] as const;

export const METRICS = {
  accepted: 'EventsAccepted',
  duplicate: 'EventsDuplicate',
  superseded: 'EventsSuperseded',
  unexpectedMove: 'UnexpectedMoves',
  oldStatusMismatch: 'OldStatusMismatches',
  rejected: 'EventsRejected',
  failed: 'AttemptsFailed',
  notified: 'NotificationsPublished',
  /** Milliseconds from the envelope's time to the end of the handler. */
  eventAge: 'EventAge',
} as const;

export type MetricKey = keyof typeof METRICS;
