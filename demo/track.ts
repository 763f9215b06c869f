import { marshall } from '@aws-sdk/util-dynamodb';
import { type TimelineEvent, timelineOf } from '../cli/shipments/timeline';
import type { Row } from '../local/snapshot';
import { readCurrentStatus, readLoggedEvent } from '../publisher/shipment-rows';

/** A shipment's events from a snapshot of the tables, as `npx logistics track` orders and marks them. */
export const trackOf = (shipment: Row, log: readonly Row[]): TimelineEvent[] =>
  timelineOf(
    log
      .filter((row) => row['shipment_id'] === shipment['shipment_id'])
      .map(({ metadata: _, ...row }) => readLoggedEvent(marshall(row))),
    readCurrentStatus(marshall(shipment)),
  );
