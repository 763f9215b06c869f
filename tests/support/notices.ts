import { type Snapshot, shipmentOf } from '../../local/snapshot';

/** The notifications about shipments in short: `SHP-7 delivered`, or `SHP-7 delivered corrected` for a correction. */
export const noticesIn = ({ notifications }: Snapshot): string[] =>
  notifications.processing.filter(shipmentOf).map(({ MessageAttributes = {} }) => {
    const { shipment_id, status, correction } = MessageAttributes;
    return `${shipment_id?.Value} ${status?.Value}${correction ? ' corrected' : ''}`;
  });
