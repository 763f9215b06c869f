import { inEnvironment } from '../../contracts/names';
import { TABLES } from '../../contracts/tables';
import { ENVIRONMENT } from '../deploy';
import type { Witness } from '../faults/fault-proxy';

const STATUS_WRITE = `dynamodb PutItem ${inEnvironment(TABLES.shipments.name, ENVIRONMENT)}`;

/** What became of the writes of the current status, by `event_id@timestamp`, as DynamoDB answered them. */
export class StatusWrites {
  /** How many times an event moved its shipment's status. */
  readonly moved = new Map<string, number>();
  private readonly refused = new Set<string>();

  readonly witness: Witness = ({ label }, body, status) => {
    if (label !== STATUS_WRITE) return;
    const { event_id, timestamp } = JSON.parse(body.toString()).Item;
    const event = `${event_id.S}@${timestamp.N}`;
    if (status === 200) this.moved.set(event, (this.moved.get(event) ?? 0) + 1);
    else if (status === 400) this.refused.add(event);
  };

  /** Events whose status write found a greater version each time. */
  get superseded(): ReadonlySet<string> {
    return new Set([...this.refused].filter((event) => !this.moved.has(event)));
  }
}
