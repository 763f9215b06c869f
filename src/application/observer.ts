import type { MetricKey } from '../../contracts/metrics';

type Fields = Readonly<Record<string, string | number | boolean>>;

/** Receives what a use case reports, for metrics and logs. Fields never hold a producer's payload. */
export interface Observer {
  count(metric: MetricKey): void;
  /** Logs the outcome of an event, once per handled event. */
  info(message: string, fields: Fields): void;
  /** Logs something unexpected that an operator may want to see. */
  warn(message: string, fields: Fields): void;
}
