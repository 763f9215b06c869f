import { contract as ordinary } from '../../contracts/events/status-updater/shipment-status-updated';
import { contracts } from '../../contracts/generated/status-updater';
import { shipmentHandler } from '../runtime/shipment-handler';

/** Records a status of a shipment, or its correction. */
export const { handler, prime } = shipmentHandler({
  key: 'status-updater',
  contracts,
  ordinary,
  answer({ event_id, shipment_id, status, old_status, timestamp }, recorded) {
    const updated = recorded.moved && !recorded.duplicate;
    return {
      shipment_id,
      // A correction that voids only one event makes the status of a later event current.
      new_status: updated ? recorded.currentStatus : status,
      old_status: old_status ?? recorded.recordedStatus ?? null,
      updated,
      result: { event_id, updated, timestamp },
    };
  },
});
