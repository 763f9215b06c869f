import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { functionName } from '../../contracts/functions';
import { contracts } from '../../contracts/generated/notification-handler';
import { inEnvironment } from '../../contracts/names';
import { alertMinute } from '../adapters/alert-minute';
import { earlierAnnouncement, errorTable, receivedErrorRow } from '../adapters/error-table';
import { notificationMarks } from '../adapters/notification-marks';
import { handleErrorEvent } from '../application/handle-error-event';
import { CLIENT_SETTINGS } from '../runtime/aws-clients';
import { readEnvironment } from '../runtime/environment';
import { eventHandler } from '../runtime/event-handler';
import { recordingSignal } from '../runtime/invocation';
import { publish } from '../runtime/publish';
import { telemetry as telemetryOf } from '../runtime/telemetry';

const env = readEnvironment('notification-handler');
const db = new DynamoDBClient(CLIENT_SETTINGS);
const telemetry = telemetryOf('notification-handler', env.ENVIRONMENT);
const topics = { alerts: env.ALERTS_TOPIC_ARN, processing: env.PROCESSING_TOPIC_ARN };

/** Tells people about an error event. Has no way onto the bus: an error about an error event must not become one. */
export const handler = eventHandler({
  functionName: inEnvironment(functionName('notification-handler'), env.ENVIRONMENT),
  contracts,
  telemetry,
  async run({ envelope, detail }, { lease, now, signal }) {
    const startedAt = now();
    const table = env.ERROR_EVENTS_TABLE;
    const { critical } = await handleErrorEvent(envelope, detail, {
      environment: env.ENVIRONMENT,
      startedAt,
      observer: telemetry,
      marksOf: (received) => notificationMarks(db, receivedErrorRow(table, received, lease, startedAt), now, signal),
      earlierAnnouncement: (key) => earlierAnnouncement(db, table, key, startedAt, signal),
      alertMinute: (received, firstSeenAt) => alertMinute(db, table, { ...received, firstSeenAt }, signal),
      publish: (message, topic) => publish(topics[topic], message, signal),
    });
    return { processed: true, detail_type: envelope.detailType, is_critical: critical };
  },
  async recordFailure(failure) {
    await errorTable(db, env.ERROR_EVENTS_TABLE, Date.now, recordingSignal()).record(failure);
  },
});
