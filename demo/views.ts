/** Views of a snapshot that the report and the page share. */
import { marshall } from '@aws-sdk/util-dynamodb';
import { type TimelineEvent, timelineOf } from '../cli/shipments/timeline';
import type { Row, Snapshot } from '../local/snapshot';
import { readCurrentStatus, readLoggedEvent } from '../publisher/shipment-rows';

/** Rows of failed events, without the error table's other rows, which have no function. */
export const failures = ({ errors }: Snapshot): readonly Row[] =>
  errors.filter(({ function_name }) => function_name !== undefined);

/** Subjects of each topic's messages in the order of the first, with their number. */
export function notificationsBySubject({ notifications }: Snapshot) {
  return Object.entries(notifications).map(([topic, messages]) => {
    const bySubject = [...Map.groupBy(messages, ({ Subject }) => Subject)];
    return { topic, subjects: bySubject.map(([subject, { length }]) => ({ topic, subject, times: length })) };
  });
}

/** A shipment's events in the order and with the marks of `npx logistics track`. */
export const trackOf = (shipment: Row, log: readonly Row[]): TimelineEvent[] =>
  timelineOf(
    log
      .filter((row) => row['shipment_id'] === shipment['shipment_id'])
      .map(({ metadata: _, ...row }) => readLoggedEvent(marshall(row))),
    readCurrentStatus(marshall(shipment)),
  );
