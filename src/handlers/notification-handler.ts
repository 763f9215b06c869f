import { contract as ordinary } from '../../contracts/events/notification-handler/processing-error';
import { contracts } from '../../contracts/generated/notification-handler';
import { alertMinute } from '../adapters/alert-minute';
import { earlierAnnouncement, errorTable, receivedErrorRow } from '../adapters/error-table';
import { notificationState } from '../adapters/notification-state';
import { publishTo } from '../adapters/topic';
import { handleErrorEvent } from '../application/handle-error-event';
import { readEnvironment } from '../runtime/environment';
import { recordingSignal } from '../runtime/invocation';
import { primable } from '../runtime/prime';

const env = readEnvironment('notification-handler');
const topics = { alerts: env.ALERTS_TOPIC_ARN, processing: env.PROCESSING_TOPIC_ARN };

/** Notifies about an error event. It may not put events on the bus: a failure on an error event must not become another error event. */
export const { handler, prime } = primable(
  { key: 'notification-handler', environment: env.ENVIRONMENT, contracts, ordinary },
  ({ db, sns, telemetry }) => ({
    async run({ envelope, detail }, { lease, now, signal }) {
      const startedAt = now();
      const table = env.ERROR_EVENTS_TABLE;
      const { critical } = await handleErrorEvent(envelope, detail, {
        environment: env.ENVIRONMENT,
        startedAt,
        observer: telemetry,
        notificationStateOf: (received) =>
          notificationState(db, receivedErrorRow(table, received, lease, startedAt), now, signal),
        earlierAnnouncement: (key) => earlierAnnouncement(db, table, key, startedAt, signal),
        alertMinute: (received, firstSeenAt) => alertMinute(db, table, { ...received, firstSeenAt }, signal),
        publish: (message, topic) => publishTo(sns(), topics[topic], message, signal),
      });
      return { processed: true, detail_type: envelope.detailType, is_critical: critical };
    },
    async recordFailure(failure) {
      await errorTable(db, env.ERROR_EVENTS_TABLE, Date.now, recordingSignal()).record(failure);
    },
  }),
);
