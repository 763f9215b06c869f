import type { Context } from 'aws-lambda';
import { SHIPMENT_STALLED } from '../../contracts/status-events';
import { notificationState } from '../adapters/notification-state';
import { putEntries } from '../adapters/put-entries';
import { stalledRow, unreportedRows } from '../adapters/stalled-shipments';
import { publishTo } from '../adapters/topic';
import { reportStalled } from '../application/report-stalled';
import { identifiersOf } from '../domain/envelope';
import { awsClients, eventBridge } from '../runtime/aws-clients';
import { readEnvironment } from '../runtime/environment';
import { beforeDeadline } from '../runtime/invocation';
import { telemetry } from '../runtime/telemetry';

const KEY = 'stalled-shipments';
const env = readEnvironment(KEY);
const { db, sns } = awsClients();
const log = telemetry(KEY, env.ENVIRONMENT);
const afterDays = Number(env.STALLED_AFTER_DAYS);

/** No report is begun in these last milliseconds before the timeout: reports under way may have to retry calls. */
const LAST_BEGIN_MS = 15_000;

/** Reports the shipments that have become stalled since the last runs. Returns how many, and whether these were all. */
export async function handler(input: unknown, context: Context): Promise<{ reported: number; finished: boolean }> {
  const identifiers = identifiersOf(input);
  log.begin(context, identifiers);
  try {
    if (afterDays === 0) return { reported: 0, finished: true };
    return await beforeDeadline(context, ({ lease, now, signal }) =>
      reportStalled({
        environment: env.ENVIRONMENT,
        afterDays,
        now,
        hasTime: () => context.getRemainingTimeInMillis() > LAST_BEGIN_MS,
        unreported: (status, span) => unreportedRows(db, env.SHIPMENTS_TABLE, status, span, signal),
        notificationStateOf: (row) => notificationState(db, stalledRow(env.SHIPMENTS_TABLE, row, lease), now, signal),
        putOnBus: (stalled) => putEntries(eventBridge(), env.EVENT_BUS_NAME, SHIPMENT_STALLED, [stalled], signal),
        publish: (message) => publishTo(sns(), env.PROCESSING_TOPIC_ARN, message, signal),
        observer: log,
      }),
    );
  } catch (error) {
    log.count('failed');
    log.error('stalled shipments were not all reported', error);
    throw error;
  } finally {
    log.end(identifiers.time > 0 ? Math.max(0, Date.now() - identifiers.time) : undefined);
  }
}
