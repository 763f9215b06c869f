import * as v from 'valibot';
import { defineEvent, type SamplesOf } from '../../define-event';
import { shipmentFields, status } from '../../fields';
import { shipmentContract } from '../../shipment-contract';

export const contract = defineEvent({
  ...shipmentContract,
  detailType: 'Shipment Created',
  version: 1,
  summary: 'A shipment exists from now on; its first status is pending unless the producer says otherwise.',
  fields: { ...shipmentFields, status: v.optional(status, 'pending') },
});

export const samples: SamplesOf<typeof contract> = {
  created: {
    summary: 'The ordinary case: a new shipment, pending by default.',
    time: '2026-03-02T08:00:00Z',
    detail: {
      shipment_id: 'SHP-1001',
      metadata: { origin: 'Rotterdam', destination: 'Lyon', carrier: 'NordFreight', estimated_days: 4 },
    },
  },
  'created-in-transit': {
    summary: 'First heard of when it was already moving: the delivery estimate is computed.',
    time: '2026-03-02T08:05:00Z',
    detail: {
      shipment_id: 'SHP-1002',
      status: 'in_transit',
      metadata: { origin: 'Hamburg', destination: 'Vienna', carrier: 'AlpenCargo', estimated_days: 2 },
    },
  },
  'created-minimal': {
    summary: 'Nothing but the shipment.',
    time: '2026-03-02T08:10:00Z',
    detail: { shipment_id: 'SHP-1003' },
  },
  'created-with-extras': {
    summary: 'Metadata keys that the contract does not name are kept as they came, nested ones too.',
    time: '2026-03-02T08:15:00Z',
    detail: {
      shipment_id: 'SHP-1004',
      metadata: {
        origin: 'Gdansk',
        destination: 'Malmo',
        carrier: 'Baltic Line',
        parcels: [{ weight_grams: 1250, fragile: true }, { weight_grams: 800 }],
        customs: { declared: true, value_eur: 129.5 },
      },
    },
  },
  'created-twice': {
    summary: 'Carries the producer’s own identity: send it twice and the second is a duplicate.',
    time: '2026-03-02T08:20:00Z',
    detail: {
      shipment_id: 'SHP-1005',
      event_id: 'order-system-77120',
      occurred_at: '2026-03-02T08:19:58.250Z',
      metadata: { origin: 'Porto', destination: 'Madrid', carrier: 'IberExpress' },
    },
  },
  'created-cancelled': {
    summary: 'Cancelled before it ever moved: notified.',
    time: '2026-03-02T08:25:00Z',
    detail: { shipment_id: 'SHP-1006', status: 'cancelled', metadata: { carrier: 'NordFreight' } },
  },
};
