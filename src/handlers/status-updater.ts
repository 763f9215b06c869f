import { contracts } from '../../contracts/generated/status-updater';
import { shipmentHandler } from '../runtime/shipment-handler';

/** Records where a shipment stands. */
export const handler = shipmentHandler({
  key: 'status-updater',
  contracts,
  answer: ({ event_id, shipment_id, status, old_status, timestamp }, { duplicate, moved, recordedStatus }) => {
    const updated = moved && !duplicate;
    return {
      shipment_id,
      new_status: status,
      old_status: old_status ?? recordedStatus ?? null,
      updated,
      result: { event_id, updated, timestamp },
    };
  },
});
