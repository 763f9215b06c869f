/** A burst of forged critical errors against the deployed stack: the alert topic carries the alarms, and is not flooded. */
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ALERTS_A_MINUTE } from '../../../contracts/notifications';
import { ALERT_MINUTES } from '../../../contracts/tables';
import { until } from '../../../lib/until.mjs';
import { type Snapshot, takeSnapshot } from '../../../local/snapshot';
import type { LocalStack } from '../../../local/stack';
import { startStack } from '../../support/stack';

const FORGED = 200;

/** Calls that may have been made again. */
const SENT_AGAIN = 5;

/** Entries of one PutEvents. */
const A_CALL = 10;

let stack: LocalStack;

beforeAll(async () => {
  // A retry comes later than the burst takes, as on AWS.
  stack = await startStack({ LAMBDA_ASYNC_RETRY_BASE_SECONDS: '20' });
}, 120_000);

/** Each call waits until the events of the one before are on record: the emulator runs a process for each event under way. */
async function forge(count: number): Promise<void> {
  const Detail = JSON.stringify({ error_type: 'forged', error_message: 'look here, and not at the alarms' });
  const entry = {
    EventBusName: stack.outputs['EventBusName'],
    Source: 'logistics.error',
    DetailType: 'Critical Error',
  };
  for (let sent = A_CALL; sent <= count; sent += A_CALL) {
    const Entries = Array.from({ length: A_CALL }, () => ({ ...entry, Detail }));
    expect(await stack.events.send(new PutEventsCommand({ Entries }))).toMatchObject({ FailedEntryCount: 0 });
    await until(async () => onRecord(await takeSnapshot(stack)).length === sent);
  }
}

const onRecord = ({ errors }: Snapshot) => errors.filter(({ error_id }) => String(error_id).startsWith('external/'));

const handled = (snapshot: Snapshot) =>
  onRecord(snapshot).filter((row) => 'critical_error_notified_at' in row).length === FORGED;

it('of 200 forged critical errors, ten are messages and a summary counts the others', async () => {
  await forge(FORGED);
  const { notifications, errors, failed } = await until(async () => {
    const snapshot = await takeSnapshot(stack);
    return handled(snapshot) && snapshot;
  }, 120_000);

  const minutes = errors.filter(({ error_id }) => error_id === ALERT_MINUTES).length;
  const suppressed = notifications.alerts.map(({ Message }) => JSON.parse(Message).details.suppressed ?? 0);
  const own = suppressed.filter((count) => count === 0).length;
  const notified = own + suppressed.reduce((sum, count) => sum + count, 0);
  process.stdout.write(`alerts: ${own} messages, summaries of ${suppressed.filter(Boolean).join(', ')}\n`);

  // Of a call that a slow machine answers late, the SDK makes another: a few may be notified or counted twice.
  expect(own).toBeGreaterThanOrEqual(ALERTS_A_MINUTE.ofOneType);
  expect(own).toBeLessThanOrEqual(minutes * ALERTS_A_MINUTE.ofOneType + SENT_AGAIN);
  expect(notifications.alerts.length).toBeLessThanOrEqual(own + 2 * minutes + SENT_AGAIN);
  expect(notified).toBeGreaterThanOrEqual(FORGED);
  expect(notified).toBeLessThanOrEqual(FORGED + SENT_AGAIN);
  expect(failed['notification-handler']).toEqual([]);
}, 180_000);
