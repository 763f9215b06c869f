/** Writes of each outcome of an event, counted on the built functions. */
import { contract as criticalError } from '../../contracts/events/notification-handler/critical-error';
import { contract as processingError } from '../../contracts/events/notification-handler/processing-error';
import { contract as shipmentCreated } from '../../contracts/events/shipment-processor/shipment-created';
import { contract as shipmentStatusCorrected } from '../../contracts/events/status-updater/shipment-status-corrected';
import { contract as shipmentStatusUpdated } from '../../contracts/events/status-updater/shipment-status-updated';
import type { Outcome } from '../../tools/cost/usage';
import type { Write } from './counter';
import type { CountedFunctions, Envelope } from './functions';

interface Contract {
  readonly source: string;
  readonly detailType: string;
}

const START = Date.UTC(2026, 2, 2, 8);

let shipments = 0;

/** The events of one new shipment, with metadata of so many bytes beside the ordinary. */
class Scenario {
  private readonly number = ++shipments;

  constructor(
    private readonly functions: CountedFunctions,
    private readonly padding: number,
  ) {}

  created = () =>
    this.functions.deliver('shipment-processor', this.event(shipmentCreated, 0, this.shipment('pending')));

  /**
   * @param carrier another than before makes another content of it
   * @param by the function that handles it
   */
  update = (status: string, minute: number, { carrier = 'NordFreight', by = 'status-updater' } = {}) =>
    this.functions.deliver(by, this.event(shipmentStatusUpdated, minute, this.shipment(status, carrier)));

  correct = (status: string, minute: number) =>
    this.functions.deliver(
      'status-updater',
      this.event(shipmentStatusCorrected, minute, { ...this.shipment(status), reason: 'The scan belongs to another' }),
    );

  error = (contract: Contract) =>
    this.functions.deliver(
      'notification-handler',
      this.event(contract, 0, {
        error_type: 'carrier_feed_down',
        error_message: 'The feed has been silent for an hour',
        ...this.note,
      }),
    );

  /** Identifiers are as long as real ones. */
  private event({ source, detailType }: Contract, minute: number, detail: object): Envelope {
    const number = String(this.number * 100 + minute).padStart(12, '0');
    const time = new Date(START + minute * 60_000).toISOString();
    return { id: `7bf73129-1428-4cd3-a780-${number}`, source, 'detail-type': detailType, time, detail };
  }

  private shipment(status: string, carrier = 'NordFreight') {
    const shipment_id = `SHP-2026-${String(this.number).padStart(7, '0')}`;
    const metadata = { origin: 'Rotterdam', destination: 'Lyon', carrier, estimated_days: 4, ...this.note };
    return { shipment_id, status, metadata };
  }

  private get note() {
    return this.padding > 0 && { note: 'x'.repeat(this.padding) };
  }
}

/** Events of a shipment; each returns the writes of the last event alone. */
const SCENARIOS: Readonly<Record<Outcome, (scenario: Scenario) => Promise<readonly Write[]>>> = {
  first: (scenario) => scenario.created(),
  async moved(scenario) {
    await scenario.created();
    return scenario.update('in_transit', 1);
  },
  async notified(scenario) {
    await scenario.update('in_transit', 1);
    return scenario.update('delivered', 2);
  },
  async duplicate(scenario) {
    await scenario.update('in_transit', 1);
    return scenario.update('in_transit', 1);
  },
  async superseded(scenario) {
    await scenario.update('delivered', 2);
    return scenario.update('in_transit', 1);
  },
  async hidden(scenario) {
    await scenario.update('delivered', 1);
    return scenario.update('in_transit', 2);
  },
  async corrected(scenario) {
    await scenario.update('delivered', 1);
    return scenario.correct('in_transit', 2);
  },
  async afterCorrection(scenario) {
    await scenario.correct('in_transit', 1);
    return scenario.update('out_for_delivery', 2);
  },
  async conflict(scenario) {
    await scenario.update('in_transit', 1);
    return scenario.update('in_transit', 1, { carrier: 'SudFreight' });
  },
  rejected: (scenario) => scenario.update('teleported', 1),
  errorEvent: (scenario) => scenario.error(processingError),
  criticalErrorEvent: (scenario) => scenario.error(criticalError),
};

/** The writes of each outcome of an event whose metadata has so many bytes more than the ordinary. */
export async function countOutcomes(
  functions: CountedFunctions,
  padding = 0,
): Promise<Record<Outcome, readonly Write[]>> {
  const counted: Partial<Record<Outcome, readonly Write[]>> = {};
  for (const outcome of Object.keys(SCENARIOS) as Outcome[])
    counted[outcome] = await SCENARIOS[outcome](new Scenario(functions, padding));
  return counted as Record<Outcome, readonly Write[]>;
}

export const unitsOf = (writes: readonly Write[]) =>
  writes.reduce((sum, { table, indexes }) => sum + table + indexes, 0);
