import { inEnvironment } from '../../contracts/names';
import { TABLES } from '../../contracts/tables';
import { ENVIRONMENT } from '../../local/deploy';
import type { ResponseObserver } from '../../local/faults/fault-proxy';

const STATUS_WRITE = `dynamodb PutItem ${inEnvironment(TABLES.shipments.name, ENVIRONMENT)}`;

/** A version without the prefix of a corrected shipment, `2#` and the correction's time. */
const eventIn = (version: string) => version.replace(/^2#\d+#/, '');

/** Outcomes of the status writes, by DynamoDB's responses. */
export class StatusWrites {
  /** Events, as `event_id@timestamp`, that became current. */
  readonly moved = new Set<string>();
  /** Number of writes that made another event current, by shipment and version. */
  readonly moves = new Map<string, number>();
  private readonly refused = new Set<string>();

  readonly observeResponse: ResponseObserver = ({ label }, body, status) => {
    if (label !== STATUS_WRITE) return;
    const { Item, ConditionExpression, ExpressionAttributeValues } = JSON.parse(body.toString());
    const { shipment_id, event_id, timestamp, version } = Item;
    const event = `${event_id.S}@${timestamp.N}`;
    // The first write of an event is about that event alone. The second names the stored version, whose event may stay current.
    const isFirst = String(ConditionExpression).startsWith('attribute_not_exists(shipment_id)');
    if (status === 400 && isFirst) this.refused.add(event);
    if (status !== 200) return;
    if (!isFirst && eventIn(ExpressionAttributeValues[':version'].S) === eventIn(version.S)) return;
    const move = `${shipment_id.S} ${version.S}`;
    this.moved.add(event);
    this.moves.set(move, (this.moves.get(move) ?? 0) + 1);
  };

  /** Events that never became current. */
  get superseded(): ReadonlySet<string> {
    return new Set([...this.refused].filter((event) => !this.moved.has(event)));
  }
}
