import { contracts } from '../../contracts/generated/shipment-processor';
import { shipmentHandler } from '../runtime/shipment-handler';

/** Records a new shipment. */
export const { handler, prime } = shipmentHandler({
  key: 'shipment-processor',
  contracts,
  answer: ({ event_id, shipment_id }, { duplicate }) => ({
    event_id,
    shipment_id,
    status: duplicate ? 'duplicate' : 'processed',
  }),
});
