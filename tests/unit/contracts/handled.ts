import { parseDetail } from '../../../contracts/define-event';
import { type EventFunctionKey, recordsShipments } from '../../../contracts/functions';
import { CONTRACTS } from '../../../contracts/generated/contracts';
import { readEnvelope } from '../../../src/domain/envelope';
import { type ShipmentDetail, shipmentEventOf } from '../../../src/domain/shipment-event';

/** The message with which a function rejects an event, by the checks that its handler makes; undefined when it accepts the event. */
export function rejectionOf(key: EventFunctionKey, input: unknown): string | undefined {
  try {
    const envelope = readEnvelope(input);
    const { source, detailType, detail } = envelope;
    const contract = CONTRACTS[key].find((one) => one.source === source && one.detailType === detailType);
    if (!contract) return 'no contract';
    const parsed = parseDetail(contract, detail);
    if (!parsed.ok) return parsed.problems.map(({ path, message }) => `${path} ${message}`).join('; ');
    if (recordsShipments(key)) shipmentEventOf(envelope, parsed.detail as unknown as ShipmentDetail, Date.now());
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
