import { marshall } from '@aws-sdk/util-dynamodb';
import { readCurrentStatus, readLoggedEvent, type TimelineEvent, timelineOf } from '../cli/shipments/timeline';
import type { Row } from '../local/snapshot';

/** A shipment's events from a snapshot of the tables, as `npx logistics track` orders and marks them. */
export const trackOf = (shipment: Row, log: readonly Row[]): TimelineEvent[] =>
  timelineOf(
    log
      .filter((row) => row['shipment_id'] === shipment['shipment_id'])
      .map(({ metadata: _, ...row }) => readLoggedEvent(marshall(row))),
    readCurrentStatus(marshall(shipment)),
  );
