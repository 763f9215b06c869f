import type { CarrierName } from './carriers';
import type { FunctionKey } from './functions';

/** The application's own CloudWatch metrics (embedded metric format), written by `src` and read by alarms and the dashboard. */
export const METRIC_NAMESPACE = 'LogisticsEventProcessor';

/**
 * The dimensions of every metric below.
 * @param platform of a carrier's webhook
 */
export const metricDimensions = <E>(environment: E, service: FunctionKey, platform?: CarrierName) => ({
  environment,
  service,
  ...(platform && { platform }),
});

export const METRICS = {
  accepted: 'EventsAccepted',
  duplicate: 'EventsDuplicate',
  superseded: 'EventsSuperseded',
  /** Corrections among the accepted events. */
  corrected: 'CorrectionsAccepted',
  unexpectedTransition: 'UnexpectedMoves',
  oldStatusMismatch: 'OldStatusMismatches',
  rejected: 'EventsRejected',
  failed: 'AttemptsFailed',
  notified: 'NotificationsPublished',
  changesPublished: 'StatusChangesPublished',
  stalled: 'StalledShipmentsReported',
  /** Critical error events beyond the limit of the alert topic: counted in a summary. */
  suppressed: 'AlertsSuppressed',
  /** Calls of a carrier platform: all, those refused as forged or unreadable, and their status words that no table has. */
  webhooks: 'WebhooksReceived',
  webhooksRefused: 'WebhooksRefused',
  unknownWords: 'UnknownStatusWords',
  /** Milliseconds from the envelope's time to the end of the handler. */
  eventAge: 'EventAge',
} as const;

export type MetricKey = keyof typeof METRICS;
