import type { DynamoDBRecord } from 'aws-lambda';
import { toAttributes } from '../../../src/adapters/attributes';
import type { ShipmentEvent } from '../../../src/domain/shipment-event';
import { rowOf, type ShipmentRow } from '../../../src/domain/shipment-row';
import { stateOf } from '../../../src/domain/shipment-state';

/** The row of a shipment after one event. */
export const aRow = (event: ShipmentEvent): ShipmentRow => rowOf(event.shipment_id, stateOf(event));

let sequence = 0;

/** A change of the shipments table as a function gets it from the stream ("Using AWS Lambda with Amazon DynamoDB": example event). */
export function aStreamRecord(
  after: Readonly<Record<string, string | number>> | ShipmentRow | undefined,
  before?: ShipmentRow,
): DynamoDBRecord {
  sequence += 1;
  const image = (row: object) => toAttributes({ ...row }) as NonNullable<DynamoDBRecord['dynamodb']>['NewImage'];
  const { shipment_id = '' } = (after ?? before ?? {}) as { shipment_id?: string };
  return {
    eventID: `change-${sequence}`,
    eventName: after === undefined ? 'REMOVE' : before === undefined ? 'INSERT' : 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(Date.UTC(2026, 2, 2, 12) / 1_000),
      Keys: { shipment_id: { S: shipment_id } },
      ...(after && { NewImage: image(after) as never }),
      ...(before && { OldImage: image(before) as never }),
      SequenceNumber: String(sequence).padStart(21, '0'),
      SizeBytes: 200,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    eventSourceARN:
      'arn:aws:dynamodb:us-east-1:123456789012:table/logistics-shipments-dev/stream/2026-03-01T00:00:00.000',
  };
}
