import { prime } from '../handlers/shipment-processor';

export { handler } from '../handlers/shipment-processor';

await prime();
