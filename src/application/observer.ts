import type { MetricKey } from '../../contracts/metrics';

type Fields = Readonly<Record<string, string | number | boolean>>;

/** Where a use case says what happened, for metrics and logs. Fields carry words of ours only, never a producer's payload. */
export interface Observer {
  count(metric: MetricKey): void;
  /** The outcome of an event, once for each that was handled. */
  info(message: string, fields: Fields): void;
  /** A surprise that an operator may want to see. */
  warn(message: string, fields: Fields): void;
}
