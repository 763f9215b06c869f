import type { MetricKey } from '../../contracts/metrics';

/** Where a use case says what happened, for metrics and logs. Fields carry identifiers only, never payloads. */
export interface Observer {
  count(metric: MetricKey): void;
  warn(message: string, fields: Readonly<Record<string, string | number | boolean>>): void;
}
