import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import type { Status } from '../../contracts/statuses';
import type { TABLES } from '../../contracts/tables';
import type { ShipmentRow } from '../domain/shipment-row';
import type { Span } from '../domain/stalled';
import { toAttributes } from './attributes';
import type { NotifiableRow } from './notification-state';
import { readShipmentRow } from './shipments';

/** Attributes of a shipment's row. A status change puts the whole row, which removes both. */
const [LEASE, MARK] = ['stalled_lease', 'stalled_notified_at'] as const;

const PAGE_SIZE = 500;

/** Reads the rows of a status in a span that are not marked as reported, page by page, oldest first. */
export async function* unreportedRows(
  db: DynamoDBClient,
  table: string,
  status: Status,
  { from, to }: Span,
  abortSignal: AbortSignal,
): AsyncGenerator<readonly ShipmentRow[]> {
  const pages = paginateQuery(
    { client: db, pageSize: PAGE_SIZE },
    {
      TableName: table,
      IndexName: 'status-index' satisfies keyof typeof TABLES.shipments.indexes,
      KeyConditionExpression: '#status = :status AND #timestamp BETWEEN :from AND :to',
      FilterExpression: 'attribute_not_exists(#mark)',
      ExpressionAttributeNames: { '#status': 'status', '#timestamp': 'timestamp', '#mark': MARK },
      ExpressionAttributeValues: toAttributes({ ':status': status, ':from': from, ':to': to }),
    },
    { abortSignal },
  );
  for await (const { Items = [] } of pages) yield Items.map(readShipmentRow);
}

/** A shipment's row, notified about only while it has the version that was read: the index may be behind the table. */
export const stalledRow = (table: string, { shipment_id, version }: ShipmentRow, lease: string): NotifiableRow => ({
  table,
  key: toAttributes({ shipment_id }),
  leaseName: LEASE,
  notifiedName: MARK,
  lease,
  version,
});
