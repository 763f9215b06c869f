import { ConditionalCheckFailedException, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CORRECTED } from '../../contracts/shipment-events';
import { TABLES } from '../../contracts/tables';
import { toAttributes } from '../../src/adapters/attributes';
import { shipments } from '../../src/adapters/shipments';
import { advanceStatus } from '../../src/application/advance-status';
import { rowOf } from '../../src/domain/shipment-row';
import type { Target } from '../target/target';
import { type Difference, eventsOf, type StatusItem } from './difference';

/** Joins the log's events into the row with the functions' own conditional write, so it can run beside them, be repeated and be interrupted. */
export async function bringForward({ shipment_id, log }: Difference, target: Target): Promise<void> {
  const table = shipments(target.db, target.name(TABLES.shipments.name), new AbortController().signal);
  for (const event of eventsOf(log)) {
    const detail_type = event === log.correction ? CORRECTED : '';
    await advanceStatus({ ...event, shipment_id, detail_type }, table);
  }
}

/** Attributes that the functions write. */
const WRITTEN = ['status', 'timestamp', 'event_id', 'version', 'last_correction', 'hidden_event'] as const;

/** Replaces a row with the state that the log gives. @returns false when the row has changed since it was read */
export async function overwrite({ shipment_id, item, log }: Difference, target: Target): Promise<boolean> {
  try {
    await target.db.send(
      new PutItemCommand({
        TableName: target.name(TABLES.shipments.name),
        Item: toAttributes({ ...rowOf(shipment_id, log) }),
        ...unchangedCondition(item ?? {}),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** Condition that the row still has these attributes. */
function unchangedCondition(item: StatusItem) {
  const present = WRITTEN.filter((name) => item[name]);
  return {
    ConditionExpression: WRITTEN.map((name) =>
      item[name] ? `#${name} = :${name}` : `attribute_not_exists(#${name})`,
    ).join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(WRITTEN.map((name) => [`#${name}`, name])),
    ...(present.length > 0 && {
      ExpressionAttributeValues: Object.fromEntries(present.map((name) => [`:${name}`, item[name] ?? { NULL: true }])),
    }),
  };
}
