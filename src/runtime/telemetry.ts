import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import type { CarrierName } from '../../contracts/carriers';
import type { FunctionKey } from '../../contracts/functions';
import { METRIC_NAMESPACE, METRICS, metricDimensions } from '../../contracts/metrics';
import type { Observer } from '../application/observer';
import type { EventIdentifiers } from '../domain/envelope';
import { errorTypeOf } from '../domain/failure-row';
import { MAX_MESSAGE_CHARACTERS } from '../domain/failures';
import { beginningOf } from '../domain/json';

export interface Telemetry extends Observer {
  /**
   * Begins an invocation: each of its log lines and metrics names the event, the request and the trace.
   * @param webhook set when the invocation handles a webhook: its metrics then have the platform as a dimension
   */
  begin(context: Context, event: EventIdentifiers, webhook?: WebhookIdentifiers): void;
  error(message: string, error: unknown): void;
  /** Writes the invocation's metrics; `age` is milliseconds since the event's time, when it has one. */
  end(age: number | undefined): void;
}

/** A webhook call as log lines name it. */
export interface WebhookIdentifiers {
  readonly platform: CarrierName;
  /** Of the body as received. */
  readonly body_sha256: string;
}

/**
 * Structured logs and metrics of one function.
 * @param output where to write them, if not to stdout
 */
export function telemetry(service: FunctionKey, environment: string, output?: Console): Telemetry {
  const logger = new Logger({ serviceName: service, persistentKeys: { environment } });
  // Powertools adds the dimension `service` from its name.
  const { service: serviceName, ...defaultDimensions } = metricDimensions(environment, service);
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName, defaultDimensions });
  // Powertools has no option for the output.
  if (output) for (const writer of [logger, metrics]) Object.assign(writer, { console: output });
  return {
    begin(context, event, webhook) {
      const identifiers = lineIdentifiers(context, event);
      logger.resetKeys();
      logger.addContext(context);
      logger.appendKeys({ ...identifiers, ...webhook });
      if (webhook) metrics.addDimension('platform', webhook.platform);
      for (const [name, value] of Object.entries(identifiers)) metrics.addMetadata(name, value);
    },
    count: (metric) => metrics.addMetric(METRICS[metric], MetricUnit.Count, 1),
    info: (message, fields) => logger.info(message, fields),
    warn: (message, fields) => logger.warn(message, fields),
    error: (message, error) => logger.error(message, errorFields(error)),
    end(age) {
      if (age !== undefined) metrics.addMetric(METRICS.eventAge, MetricUnit.Milliseconds, age);
      metrics.publishStoredMetrics();
    },
  };
}

function lineIdentifiers({ awsRequestId }: Context, { shipment_id, event_id }: EventIdentifiers) {
  // Lambda sets this for each invocation: `Root=1-…;Parent=…;Sampled=0`.
  const [, root] = /Root=([^;]+)/.exec(process.env['_X_AMZN_TRACE_ID'] ?? '') ?? [];
  return {
    function_request_id: awsRequestId,
    ...(root && { xray_trace_id: root }),
    ...(shipment_id && { shipment_id }),
    ...(event_id && { event_id }),
  };
}

/** An error as flat fields, which a query can name. Other properties are not logged: the SDK attaches whole items to some errors. */
function errorFields(thrown: unknown): Record<string, string> {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const error_type = errorTypeOf(error);
  return {
    error_type,
    error_name: error.name,
    error_message: beginningOf(error.message, MAX_MESSAGE_CHARACTERS),
    // A rejection's message is enough: it comes from one known place.
    ...(error_type === 'transient' && { error_stack: framesOf(error.stack) }),
  };
}

/** The stack without its first lines, which repeat the message. */
const framesOf = (stack = '') =>
  stack
    .split('\n')
    .filter((line) => /^ {4}at /.test(line))
    .join('\n');
