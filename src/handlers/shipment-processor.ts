import { contract as ordinary } from '../../contracts/events/shipment-processor/shipment-created';
import { contracts } from '../../contracts/generated/shipment-processor';
import { shipmentHandler } from '../runtime/shipment-handler';

/** Records a new shipment. */
export const { handler, prime } = shipmentHandler({
  key: 'shipment-processor',
  contracts,
  ordinary,
  answer: ({ event_id, shipment_id }, { duplicate }) => ({
    event_id,
    shipment_id,
    status: duplicate ? 'duplicate' : 'processed',
  }),
});
