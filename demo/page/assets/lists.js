import { byId, cell, html, row, show } from './dom.js';

const emptyRow = (columns, text) => row(html('td', { colspan: columns, class: 'small' }, text));

export function showLists({ queues, notified, errors }) {
  show(byId('queues'), queues, () =>
    queues.map(({ name, waiting }) => row(cell(name), cell(waiting, waiting > 0 ? 'number some' : 'number'))),
  );
  show(byId('notified'), notified, () =>
    notified.length === 0
      ? emptyRow(3, 'none yet')
      : notified.map(({ topic, subject, times }) => row(cell(topic), cell(subject), cell(times, 'number'))),
  );
  show(byId('errors'), errors, () =>
    errors.length === 0
      ? emptyRow(4, 'none')
      : errors.map(({ type, shipment, message, attempts }) =>
          row(cell(type), cell(shipment || '–'), cell(message), cell(attempts, 'number')),
        ),
  );
}
