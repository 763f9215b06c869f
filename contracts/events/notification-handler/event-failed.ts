import { defineEvent, type SamplesOf } from '../../define-event';
import { announcedFailure } from '../../error-fields';

/** Announcement of a failure in this system. Its source differs from the producers', so that the bus can refuse it from all others. */
export const contract = defineEvent({
  source: 'logistics.pipeline',
  detailType: 'Event Failed',
  version: 1,
  summary: 'This system could not process an event. Only its own functions can put this on the bus.',
  fields: announcedFailure.entries,
});

export const samples: SamplesOf<typeof contract> = {
  'event-failed': {
    summary: 'An announcement of our own, in the environment dev: to the processing topic.',
    time: '2026-03-03T09:10:00Z',
    detail: {
      error_id: 'logistics-status-updater-dev/5c1e9b0a-7d43-4f0e-9a55-0c6d3b1e2f47',
      error_timestamp: Date.UTC(2026, 2, 3, 9, 7),
      function_name: 'logistics-status-updater-dev',
      error_type: 'rejected',
      error_message: 'detail.status must be one of pending, in_transit',
      event_id: '5c1e9b0a-7d43-4f0e-9a55-0c6d3b1e2f47',
      shipment_id: 'SHP-1009',
    },
  },
};
