import { defineEvent, type SamplesOf } from '../../define-event';
import { errorFields } from '../../error-fields';

/** The `error_type` that pages the on-call engineer on any error event, as the detail-type `Critical Error` does. */
export const CRITICAL_ERROR_TYPE = 'critical';

export const contract = defineEvent({
  source: 'logistics.error',
  detailType: 'Critical Error',
  version: 1,
  summary: 'An error that an operator must handle now.',
  fields: errorFields,
  open: true,
});

export const samples: SamplesOf<typeof contract> = {
  'critical-error': {
    summary: 'A critical error: to the alert topic.',
    time: '2026-03-03T10:00:00Z',
    detail: {
      error_type: 'carrier_feed_down',
      error_message: 'No event from NordFreight for 45 minutes',
      carrier: 'NordFreight',
      last_seen: '2026-03-03T09:15:00Z',
    },
  },
};
