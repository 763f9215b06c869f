/** Writes for each outcome of an event, counted on the built functions. */
import { contract as criticalError } from '../../contracts/events/notification-handler/critical-error';
import { contract as processingError } from '../../contracts/events/notification-handler/processing-error';
import { contract as shipmentCreated } from '../../contracts/events/shipment-processor/shipment-created';
import { contract as shipmentStatusCorrected } from '../../contracts/events/status-updater/shipment-status-corrected';
import { contract as shipmentStatusUpdated } from '../../contracts/events/status-updater/shipment-status-updated';
import type { EventFunctionKey } from '../../contracts/functions';
import type { Outcome } from '../../tools/cost/usage';
import type { CountedFunctions } from './functions';
import type { Units } from './rules';

/** An event of a scenario, and the function that handles it. */
interface Step {
  readonly by: EventFunctionKey;
  readonly contract: { readonly source: string; readonly detailType: string };
  /** Minutes after the scenario's start. */
  readonly minute: number;
  /** @param note pads the metadata */
  readonly detail: (shipment_id: string, note: object) => object;
}

/** @param carrier a different one changes an event's content */
const ofShipment =
  (status: string, carrier = 'NordFreight'): Step['detail'] =>
  (shipment_id, note) => ({
    shipment_id,
    status,
    metadata: { origin: 'Rotterdam', destination: 'Lyon', carrier, estimated_days: 4, ...note },
  });

const created: Step = {
  by: 'shipment-processor',
  contract: shipmentCreated,
  minute: 0,
  detail: ofShipment('pending'),
};

const update = (status: string, minute: number, carrier?: string): Step => ({
  by: 'status-updater',
  contract: shipmentStatusUpdated,
  minute,
  detail: ofShipment(status, carrier),
});

const correct = (status: string, minute: number): Step => ({
  by: 'status-updater',
  contract: shipmentStatusCorrected,
  minute,
  detail: (...about) => ({ ...ofShipment(status)(...about), reason: 'The scan belongs to another' }),
});

const error = (contract: Step['contract']): Step => ({
  by: 'notification-handler',
  contract,
  minute: 0,
  detail: (_, note) => ({
    error_type: 'carrier_feed_down',
    error_message: 'The feed has been silent for an hour',
    ...note,
  }),
});

/** Events of one shipment; the last one has the outcome. */
const SCENARIOS: Readonly<Record<Outcome, readonly Step[]>> = {
  first: [created],
  moved: [created, update('in_transit', 1)],
  notified: [update('in_transit', 1), update('delivered', 2)],
  duplicate: [update('in_transit', 1), update('in_transit', 1)],
  superseded: [update('delivered', 2), update('in_transit', 1)],
  hidden: [update('delivered', 1), update('in_transit', 2)],
  corrected: [update('delivered', 1), correct('in_transit', 2)],
  afterCorrection: [correct('in_transit', 1), update('out_for_delivery', 2)],
  conflict: [update('in_transit', 1), update('in_transit', 1, 'SudFreight')],
  rejected: [update('teleported', 1)],
  errorEvent: [error(processingError)],
  criticalErrorEvent: [error(criticalError)],
};

const START = Date.UTC(2026, 2, 2, 8);

let shipments = 0;

/** Writes for each outcome of an event, whose metadata is padded by a number of bytes. */
export async function countOutcomes(
  functions: CountedFunctions,
  padding = 0,
): Promise<Record<Outcome, readonly Units[]>> {
  const note = padding > 0 ? { note: 'x'.repeat(padding) } : {};
  const counted: Partial<Record<Outcome, readonly Units[]>> = {};
  for (const outcome of Object.keys(SCENARIOS) as Outcome[]) {
    shipments += 1;
    for (const { by, contract, minute, detail } of SCENARIOS[outcome])
      counted[outcome] = await functions.deliver(by, {
        // As long as real identifiers.
        id: `7bf73129-1428-4cd3-a780-${String(shipments * 100 + minute).padStart(12, '0')}`,
        source: contract.source,
        'detail-type': contract.detailType,
        time: new Date(START + minute * 60_000).toISOString(),
        detail: detail(`SHP-2026-${String(shipments).padStart(7, '0')}`, note),
      });
  }
  return counted as Record<Outcome, readonly Units[]>;
}

export const unitsOf = (writes: readonly Units[]) =>
  writes.reduce((sum, { table, indexes }) => sum + table + indexes, 0);
