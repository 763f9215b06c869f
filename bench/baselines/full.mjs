/** The usual full set around the same calls: zod, Powertools logger, metrics, tracer and idempotency. */
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { z } from 'zod';
import { callsWith } from './calls.mjs';
import { requestsOf } from './sdk-requests.mjs';

const serviceName = 'baseline';
const logger = new Logger({ serviceName });
const metrics = new Metrics({ namespace: 'Baseline', serviceName });
const tracer = new Tracer({ serviceName });
const db = tracer.captureAWSv3Client(new DynamoDBClient({}));
const sns = tracer.captureAWSv3Client(new SNSClient({}));

const envelope = { id: z.string(), time: z.iso.datetime({ offset: true }), 'detail-type': z.string() };
const shipmentEvent = z.object({
  ...envelope,
  source: z.literal('logistics.shipment'),
  detail: z.object({
    shipment_id: z.string().regex(/^[\x21-\x7e]{1,128}$/),
    status: z.string().default('pending'),
    metadata: z
      .looseObject({ carrier: z.string().optional(), estimated_days: z.number().min(0).optional() })
      .optional(),
  }),
});
const errorEvent = z.object({
  ...envelope,
  source: z.literal('logistics.error'),
  detail: z.looseObject({ error_type: z.string(), error_message: z.string() }),
});

const { record, notifyOfError } = callsWith(requestsOf(db, sns));

const once = (work) =>
  makeIdempotent(work, {
    persistenceStore: new DynamoDBPersistenceLayer({ tableName: 'idempotency', awsSdkV3Client: db }),
    config: new IdempotencyConfig({ eventKeyJmesPath: 'id' }),
  });
const recordOnce = once(record);
const notifyOnce = once(notifyOfError);

export const handler = async (event, context) => {
  logger.addContext(context);
  const segment = tracer.getSegment()?.addNewSubsegment('handler');
  try {
    const result = await (event.source === 'logistics.error'
      ? notifyOnce(errorEvent.parse(event))
      : recordOnce(shipmentEvent.parse(event)));
    const body = JSON.stringify(result);
    logger.info('handled', { id: event.id });
    metrics.addMetric('handled', MetricUnit.Count, 1);
    return { statusCode: 200, body };
  } finally {
    segment?.close();
    metrics.publishStoredMetrics();
  }
};
