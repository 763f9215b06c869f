/** Rows with the same attributes as the functions' rows, so that the baselines send as many bytes. */
import { createHash } from 'node:crypto';

const attribute = (value) => (typeof value === 'number' ? { N: String(value) } : { S: String(value) });

export function logRow(row, type, metadata = {}) {
  return {
    ...row,
    detail_type: { S: type },
    metadata: { M: Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, attribute(value)])) },
    payload_hash: { S: createHash('sha256').update(JSON.stringify(metadata)).digest('hex') },
    process_result: {
      M: { processed_at: { S: new Date().toISOString() }, validations: { L: [{ S: 'status_valid' }] } },
    },
  };
}

export const statusRow = ({ shipment_id, status, timestamp, event_id }, version) => ({
  ...{ shipment_id, status, timestamp, event_id },
  version: { S: version },
});
