import type { CrossFieldRule } from './define-event';
import { SHIPMENT_LIMITS } from './limits';

/** An event's identity is (`event_id`, time): a producer that sends its own id has to send its own time too, or a retry is another event. */
const identity: CrossFieldRule = {
  field: 'occurred_at',
  message: 'is missing: an event with its own event_id must say when it occurred, so that a retry is the same event',
  jsonSchema: { dependentRequired: { event_id: ['occurred_at'] } },
  holds: ({ event_id, occurred_at }) => event_id === undefined || occurred_at !== undefined,
};

/** What the contracts of all shipment events have in common, beside their fields. */
export const shipmentContract = { source: 'logistics.shipment', rules: [identity], limits: SHIPMENT_LIMITS };
