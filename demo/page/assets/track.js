import { badge, byId, html, show, statusBadge } from './dom.js';

let chosen = new URLSearchParams(location.search).get('shipment') ?? 'SHP-1001';
let onChange = () => undefined;

export const trackedShipment = () => chosen;

/** @param listener called when another shipment is chosen */
export function startTracking(listener) {
  onChange = listener;
  byId('shipments').addEventListener('click', ({ target }) => {
    const button = target.closest('button');
    if (button) track(button.dataset.shipment);
  });
}

export function track(shipment) {
  chosen = shipment;
  onChange();
}

export function showTrack({ shipments, track: tracked }) {
  const list = byId('shipments');
  const focused = document.activeElement?.dataset?.shipment;
  show(list, [shipments, chosen], () => shipments.map(item));
  // Redrawing replaced the focused button.
  if (focused) [...list.querySelectorAll('button')].find(({ dataset }) => dataset.shipment === focused)?.focus();
  show(byId('track'), [tracked, chosen], () =>
    tracked ? timeline(tracked) : html('p', {}, `${chosen} is not on record (yet).`),
  );
}

const item = ({ id, shown, status }) =>
  html(
    'li',
    {},
    html(
      'button',
      { type: 'button', 'data-shipment': id, 'aria-pressed': String(id === chosen) },
      shown,
      statusBadge(status),
    ),
  );

const timeline = ({ shipment, status, estimatedDelivery, events }) => [
  html('h3', {}, shipment, ' is ', statusBadge(status)),
  ...(estimatedDelivery ? [html('p', {}, `Delivery is estimated for ${shown(estimatedDelivery)}.`)] : []),
  html('ol', { class: 'timeline' }, events.map(tracked)),
];

const shown = (time) => time.replace('T', ' ').slice(0, 19);

const tracked = ({ event_id, time, status, current, notified_at, late, counts, reason }) =>
  html(
    'li',
    { class: current ? 'current' : counts ? undefined : 'void', title: `event ${event_id}` },
    html('time', {}, shown(time)),
    html(
      'span',
      { class: 'marks' },
      statusBadge(status),
      current && badge('current', 'mark'),
      late && badge('arrived late', 'mark late'),
      !counts && badge('no longer counts', 'mark'),
      notified_at !== null && badge('notified', 'mark'),
    ),
    reason !== null && html('span', { class: 'small' }, `Corrected: ${reason}`),
  );
