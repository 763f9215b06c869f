import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import type { FunctionKey } from '../../contracts/functions';
import { METRIC_NAMESPACE, METRICS } from '../../contracts/metrics';
import type { Observer } from '../application/observer';
import type { InputTraces } from '../domain/envelope';

export interface Telemetry extends Observer {
  /** Begins an invocation: every line logged in it names the event and the request. */
  begin(context: Context, traces: InputTraces): void;
  error(message: string, error: unknown): void;
  /** Writes the invocation's metrics; `age` is milliseconds since the event's time, when it has one. */
  end(age: number | undefined): void;
}

/** Structured logs and metrics of one function. */
export function telemetry(service: FunctionKey, environment: string): Telemetry {
  const logger = new Logger({ serviceName: service, persistentKeys: { environment } });
  const metrics = new Metrics({
    namespace: METRIC_NAMESPACE,
    serviceName: service,
    defaultDimensions: { environment },
  });
  return {
    begin(context, { shipment_id, event_id }) {
      logger.resetKeys();
      logger.addContext(context);
      logger.appendKeys({
        ...(shipment_id && { shipment_id }),
        ...(event_id && { event_id }),
        xray_trace_id: process.env['_X_AMZN_TRACE_ID'],
      });
    },
    count: (metric) => metrics.addMetric(METRICS[metric], MetricUnit.Count, 1),
    warn: (message, fields) => logger.warn(message, fields),
    error: (message, error) => logger.error(message, error instanceof Error ? error : new Error(String(error))),
    end(age) {
      if (age !== undefined) metrics.addMetric(METRICS.eventAge, MetricUnit.Milliseconds, age);
      metrics.publishStoredMetrics();
    },
  };
}
