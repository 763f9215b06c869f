/** Status changes as another system receives them. */
import * as v from 'valibot';
import { STATUS_CHANGED, type StatusChanged, statusChanged } from '../contracts/status-events';

export type { StatusChanged };

const event = v.object({
  source: v.literal(STATUS_CHANGED.source),
  'detail-type': v.literal(STATUS_CHANGED.detailType),
  // Later versions may add fields.
  detail: v.object(statusChanged.entries),
});

/**
 * Reads a `Shipment Status Changed`, as EventBridge delivers it to a function or, as text, to a queue.
 * @throws Error naming the field when it is none
 */
export function parseStatusChanged(received: unknown): StatusChanged {
  const parsed = v.safeParse(event, typeof received === 'string' ? JSON.parse(received) : received);
  if (parsed.success) return parsed.output.detail;
  const [issue] = parsed.issues;
  throw new Error(`no ${STATUS_CHANGED.detailType}: ${v.getDotPath(issue) ?? 'the event'}: ${issue.message}`);
}
