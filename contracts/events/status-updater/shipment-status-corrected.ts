import { defineEvent, type SamplesOf } from '../../define-event';
import { correctionFields, shipmentFields, status } from '../../fields';
import { shipmentContract } from '../../shipment-contract';
import { CORRECTED } from '../../shipment-events';

export const contract = defineEvent({
  ...shipmentContract,
  detailType: CORRECTED,
  version: 1,
  summary:
    'As of its time the shipment has this status: events up to and including that time no longer count, later ones do.',
  fields: { ...shipmentFields, ...correctionFields, status },
});

export const samples: SamplesOf<typeof contract> = {
  'corrected-reopened': {
    summary: 'Notifies: SHP-1006 was cancelled by mistake and is open again. Later events count as usual.',
    time: '2026-03-02T09:10:00Z',
    detail: {
      shipment_id: 'SHP-1006',
      status: 'pending',
      reason: 'The customer cancelled another order',
      corrected_by: 'support desk 2',
      event_id: 'support-desk-5512',
      occurred_at: '2026-03-02T09:10:00.512Z',
    },
  },
  'corrected-void': {
    summary:
      'Voids one event alone: carries the time of the mistaken `delivered` of SHP-1008, so that what happened after it stands.',
    time: '2026-03-04T13:00:00Z',
    detail: {
      shipment_id: 'SHP-1008',
      status: 'out_for_delivery',
      reason: 'The scan belongs to SHP-1080',
      corrects: 'baltic-line-77',
      event_id: 'baltic-line-91',
      occurred_at: '2026-03-04T08:00:00Z',
    },
  },
  'corrected-quietly': {
    summary: 'A correction about which no notification is sent.',
    time: '2026-03-05T09:00:00Z',
    detail: {
      shipment_id: 'SHP-1002',
      status: 'available_for_pickup',
      reason: 'Test scan at the pick-up point',
      notify: false,
    },
  },
};
