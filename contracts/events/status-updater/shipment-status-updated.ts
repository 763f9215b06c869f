import * as v from 'valibot';
import { defineEvent, type SamplesOf } from '../../define-event';
import { shipmentFields, status } from '../../fields';
import { shipmentContract } from '../../shipment-contract';

export const contract = defineEvent({
  ...shipmentContract,
  detailType: 'Shipment Status Updated',
  version: 1,
  summary: 'A carrier or warehouse reports where a shipment stands.',
  fields: { ...shipmentFields, status, old_status: v.optional(status) },
});

const DELIVERED = {
  shipment_id: 'SHP-1001',
  status: 'delivered',
  old_status: 'out_for_delivery',
  event_id: 'nordfreight-000918273',
  occurred_at: '2026-03-04T11:12:07.431+01:00',
  metadata: { carrier: 'NordFreight', signed_by: 'reception' },
} as const;

export const samples: SamplesOf<typeof contract> = {
  'in-transit': {
    summary: 'The ordinary case: picked up, with a delivery estimate.',
    time: '2026-03-02T14:00:00Z',
    detail: {
      shipment_id: 'SHP-1001',
      status: 'in_transit',
      old_status: 'pending',
      metadata: { origin: 'Rotterdam', destination: 'Lyon', carrier: 'NordFreight', estimated_days: 3 },
    },
  },
  'out-for-delivery': {
    summary: 'On the van.',
    time: '2026-03-04T06:30:00Z',
    detail: { shipment_id: 'SHP-1001', status: 'out_for_delivery', old_status: 'in_transit' },
  },
  'available-for-pickup': {
    summary: 'Waiting at a pick-up point.',
    time: '2026-03-03T11:00:00Z',
    detail: { shipment_id: 'SHP-1002', status: 'available_for_pickup', old_status: 'in_transit' },
  },
  delivered: {
    summary: 'Notifies: delivered.',
    time: '2026-03-04T10:12:00Z',
    detail: DELIVERED,
  },
  failed: {
    summary: 'Notifies: a delivery attempt failed; the parcel may move again.',
    time: '2026-03-04T15:40:00Z',
    detail: { shipment_id: 'SHP-1004', status: 'failed', metadata: { reason: 'nobody at the address' } },
  },
  cancelled: {
    summary: 'Notifies: cancelled by the customer.',
    time: '2026-03-02T09:00:00Z',
    detail: { shipment_id: 'SHP-1003', status: 'cancelled', old_status: 'pending' },
  },
  returned: {
    summary: 'Notifies: on its way back to the sender.',
    time: '2026-03-09T16:20:00Z',
    detail: { shipment_id: 'SHP-1002', status: 'returned', old_status: 'available_for_pickup' },
  },
  'delivered-duplicate': {
    summary:
      'The same event as `delivered`, sent again by a carrier that missed the answer: one row, one notification.',
    time: '2026-03-04T10:13:30Z',
    detail: DELIVERED,
  },
  'delivered-by-mistake': {
    summary: 'Notifies: a scan of another parcel. The sample `corrected-void` corrects it.',
    time: '2026-03-04T08:00:02Z',
    detail: {
      shipment_id: 'SHP-1008',
      status: 'delivered',
      event_id: 'baltic-line-77',
      occurred_at: '2026-03-04T08:00:00Z',
    },
  },
  late: {
    summary: 'Happened before `delivered` and arrives after it: kept in the log, the status stays delivered.',
    time: '2026-03-05T07:00:00Z',
    detail: {
      shipment_id: 'SHP-1001',
      status: 'in_transit',
      event_id: 'nordfreight-000917001',
      occurred_at: '2026-03-03T22:05:00+01:00',
    },
  },
  'first-heard-of': {
    summary:
      'The first event of a shipment without a Shipment Created: recorded all the same. No other follows, so it looks stuck.',
    time: '2026-03-05T08:00:00Z',
    detail: {
      shipment_id: 'SHP-1007',
      status: 'in_transit',
      metadata: { carrier: 'Baltic Line', estimated_days: 2 },
    },
  },
  'old-status-mismatch': {
    summary: 'The producer believed another status than the one on record: recorded, and reported as a mismatch.',
    time: '2026-03-05T08:30:00Z',
    detail: { shipment_id: 'SHP-1005', status: 'in_transit', old_status: 'out_for_delivery' },
  },
};
