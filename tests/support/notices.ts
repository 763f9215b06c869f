import { type Snapshot, shipmentOf } from '../../local/snapshot';

/** The notifications about shipments, by their attributes: `SHP-7 delivered`, of a correction `SHP-7 delivered corrected`. */
export const noticesIn = ({ notifications }: Snapshot): string[] =>
  notifications.processing.filter(shipmentOf).map(({ MessageAttributes = {} }) => {
    const { shipment_id, status, correction } = MessageAttributes;
    return `${shipment_id?.Value} ${status?.Value}${correction ? ' corrected' : ''}`;
  });
