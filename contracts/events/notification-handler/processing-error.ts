import { defineEvent, type SamplesOf } from '../../define-event';
import { errorFields } from '../../error-fields';

export const contract = defineEvent({
  source: 'logistics.error',
  detailType: 'Processing Error',
  version: 1,
  summary: 'An error without urgency.',
  fields: errorFields,
  open: true,
});

export const samples: SamplesOf<typeof contract> = {
  'processing-error': {
    summary: 'An ordinary error from a producer: to the processing topic.',
    time: '2026-03-03T09:00:00Z',
    detail: {
      error_type: 'label_unreadable',
      error_message: 'Scanner 14 could not read the label of a parcel',
      warehouse: 'ROT-2',
      scanner: 14,
    },
  },
  'processing-error-critical': {
    summary: 'An ordinary error that calls itself critical: to the alert topic.',
    time: '2026-03-03T09:05:00Z',
    detail: { error_type: 'critical', error_message: 'Cold chain interrupted in hall 3', hall: 3 },
  },
};
