import { contract as ordinary } from '../../contracts/events/status-updater/shipment-status-updated';
import { contracts } from '../../contracts/generated/status-updater';
import { shipmentHandler } from '../runtime/shipment-handler';

/** Records where a shipment stands. */
export const { handler, prime } = shipmentHandler({
  key: 'status-updater',
  contracts,
  ordinary,
  answer({ event_id, shipment_id, status, old_status, timestamp }, recorded) {
    const updated = recorded.moved && !recorded.duplicate;
    return {
      shipment_id,
      // A correction that voids one event alone brings back the status of a later one.
      new_status: updated ? recorded.currentStatus : status,
      old_status: old_status ?? recorded.recordedStatus ?? null,
      updated,
      result: { event_id, updated, timestamp },
    };
  },
});
