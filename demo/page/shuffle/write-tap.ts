import { unmarshall } from '@aws-sdk/util-dynamodb';
import { inEnvironment } from '../../../contracts/names';
import { TABLES } from '../../../contracts/tables';
import { ENVIRONMENT } from '../../../local/deploy';
import type { FaultPlan } from '../../../local/faults/fault-proxy';
import type { Row } from '../../../local/snapshot';

/** A function's request to write one of the shipment's events. */
export interface Write {
  readonly table: 'log' | 'status';
  readonly item: Row;
  /** True when the function's process was killed before the response reached it. */
  readonly killed: boolean;
}

const WRITES: Readonly<Record<string, Write['table']>> = {
  [`dynamodb PutItem ${inEnvironment(TABLES.shipmentEvents.name, ENVIRONMENT)}`]: 'log',
  [`dynamodb PutItem ${inEnvironment(TABLES.shipments.name, ENVIRONMENT)}`]: 'status',
};

/** Records the functions' writes about one shipment, and kills one of the functions. */
export class WriteTap {
  readonly writes: Write[] = [];

  /** @param kill id of the event whose function is killed after its first log write */
  constructor(
    private readonly shipment: string,
    private kill?: string,
  ) {}

  readonly plan: FaultPlan = ({ label }, body) => {
    const table = WRITES[label];
    if (table === undefined || !body.includes(this.shipment)) return undefined;
    const item = unmarshall(JSON.parse(body.toString()).Item);
    if (item['shipment_id'] !== this.shipment) return undefined;
    const killed = table === 'log' && item['event_id'] === this.kill;
    if (killed) this.kill = undefined;
    this.writes.push({ table, item, killed });
    return killed ? 'killed after' : undefined;
  };

  count(table: Write['table'], eventId: string): number {
    return this.writes.filter((write) => write.table === table && write.item['event_id'] === eventId).length;
  }
}
