import { ConditionalCheckFailedException, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CORRECTED } from '../../contracts/shipment-events';
import { TABLES } from '../../contracts/tables';
import { toAttributes } from '../../src/adapters/attributes';
import { shipments } from '../../src/adapters/shipments';
import { advanceStatus } from '../../src/application/advance-status';
import { rowOf } from '../../src/domain/shipment-row';
import type { Target } from '../target/target';
import { type Difference, eventsOf, type StatusItem } from './difference';

/**
 * Joins what the log has into the row, by the functions' own conditional write. Safe beside them, to repeat, and to interrupt: each
 * write is one that a function makes, too.
 */
export async function bringForward({ shipment_id, log }: Difference, target: Target): Promise<void> {
  const table = shipments(target.db, target.name(TABLES.shipments.name), new AbortController().signal);
  for (const event of eventsOf(log)) {
    const detail_type = event === log.correction ? CORRECTED : '';
    await advanceStatus({ ...event, shipment_id, detail_type }, table);
  }
}

/** The attributes that a function writes. */
const WRITTEN = ['status', 'timestamp', 'event_id', 'version', 'last_correction', 'hidden_event'] as const;

/**
 * Puts what the log makes of a shipment in place of its row, if that is as it was seen.
 * @returns false when the row has changed since
 */
export async function overwrite({ shipment_id, item, log }: Difference, target: Target): Promise<boolean> {
  try {
    await target.db.send(
      new PutItemCommand({
        TableName: target.name(TABLES.shipments.name),
        Item: toAttributes({ ...rowOf(shipment_id, log) }),
        ...asSeen(item ?? {}),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

function asSeen(item: StatusItem) {
  const there = WRITTEN.filter((name) => item[name]);
  return {
    ConditionExpression: WRITTEN.map((name) =>
      item[name] ? `#${name} = :${name}` : `attribute_not_exists(#${name})`,
    ).join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(WRITTEN.map((name) => [`#${name}`, name])),
    ...(there.length > 0 && {
      ExpressionAttributeValues: Object.fromEntries(there.map((name) => [`:${name}`, item[name] ?? { NULL: true }])),
    }),
  };
}
