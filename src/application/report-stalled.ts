import type { ShipmentStalled } from '../../contracts/status-events';
import { OPEN_STATUSES, type Status } from '../../contracts/statuses';
import { InProgress } from '../domain/failures';
import { type Message, stalledMessage } from '../domain/messages';
import type { ShipmentRow } from '../domain/shipment-row';
import { type Span, stalledOf, stalledSpan } from '../domain/stalled';
import { type NotificationState, notifyOnce } from './notify-once';
import type { Observer } from './observer';

export interface StalledPorts {
  readonly environment: string;
  /** Days without a newer event after which a shipment is stalled. */
  readonly afterDays: number;
  /** Epoch milliseconds by the handler's clock. */
  now(): number;
  /** False when this run has no time to report another shipment. */
  hasTime(): boolean;
  /** Reads the shipments of a status that were not reported yet, page by page, oldest first. */
  unreported(status: Status, span: Span): AsyncIterable<readonly ShipmentRow[]>;
  /** Notification state on the shipment's row, while the row has this version. */
  notificationStateOf(row: ShipmentRow): NotificationState;
  putOnBus(stalled: ShipmentStalled): Promise<void>;
  publish(message: Message): Promise<void>;
  readonly observer: Observer;
}

/** Shipments of one status that are reported concurrently. */
const AT_ONCE = 10;

/**
 * Reports each shipment that has become stalled, once for each version of its row: event, message, mark. Safe to repeat and to run
 * concurrently. All open statuses are read in parallel, so that many shipments in one status do not delay the others. The next run reports
 * those that this one has no time for.
 * @throws the error of the first report that failed, after all others were tried
 */
export async function reportStalled(ports: StalledPorts): Promise<{ reported: number; finished: boolean }> {
  const { observer } = ports;
  const span = stalledSpan(ports.now(), ports.afterDays);
  const failures: unknown[] = [];
  let reported = 0;

  const report = async (row: ShipmentRow) => {
    try {
      if (!(await reportOnce(row, ports))) return;
      reported += 1;
      observer.count('stalled');
    } catch (error) {
      // Another run is reporting the shipment, or a newer event has arrived.
      if (!(error instanceof InProgress)) failures.push(error);
    }
  };

  /** @returns false when the time ran out, or a read failed, before the end */
  const reportAll = async (status: Status) => {
    try {
      for await (const page of ports.unreported(status, span)) {
        for (let at = 0; at < page.length; at += AT_ONCE) {
          if (!ports.hasTime()) return false;
          await Promise.all(page.slice(at, at + AT_ONCE).map(report));
        }
        if (!ports.hasTime()) return false;
      }
      return true;
    } catch (error) {
      failures.push(error);
      return false;
    }
  };

  const finished = (await Promise.all(OPEN_STATUSES.map(reportAll))).every(Boolean);
  const outcome = { reported, failed: failures.length, finished };
  if (finished) observer.info('stalled shipments are reported', outcome);
  else observer.warn('stalled shipments are left for the next run', outcome);
  if (failures.length > 0) throw failures[0];
  return { reported, finished };
}

function reportOnce(row: ShipmentRow, ports: StalledPorts): Promise<boolean> {
  const stalled = stalledOf(row, ports.now());
  const publish = async () => {
    await ports.putOnBus(stalled);
    await ports.publish(stalledMessage(stalled, ports.environment));
  };
  return notifyOnce(ports.notificationStateOf(row), publish, false);
}
