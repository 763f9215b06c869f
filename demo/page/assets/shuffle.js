import { call } from './api.js';
import { badge, byId, cell, html, row, statusBadge, words } from './dom.js';
import { track } from './track.js';

export function startShuffle() {
  const button = byId('shuffle');
  button.addEventListener('click', async () => {
    button.disabled = true;
    button.textContent = 'Shuffling …';
    try {
      const outcome = await call('/api/shuffle', { correction: byId('with-correction').checked });
      byId('shuffled').replaceChildren(...elementsOf(outcome));
      track(outcome.shipment);
    } catch (error) {
      byId('shuffled').replaceChildren(html('p', { class: 'bad' }, error.message));
    }
    button.disabled = false;
    button.textContent = 'Shuffle again';
  });
}

function elementsOf({ shipment, day, inOrder, shuffled, differences }) {
  const isSame = differences.length === 0;
  const isLastWriteRight = shuffled.lastWrite === inOrder.current?.status;
  const happened = day.map(({ status, at, corrects }, place) =>
    chip(place, status, corrects ? 'corrected' : at.slice(11, 16)),
  );
  const delivered = shuffled.attempts.map(({ place, outcome }) =>
    chip(place, day[place].status, outcome, outcome.replace(' ', '-')),
  );
  return [
    html('h3', {}, `What happened to ${shipment}`),
    html('ol', { class: 'chips' }, happened),
    html('h3', {}, 'How it was delivered'),
    html('ol', { class: 'chips' }, delivered),
    small(KILLED),
    html(
      'div',
      { class: 'cards' },
      card('plain', 'Our tables, delivered in order', 'the expected status', inOrder.current?.status, counted(inOrder)),
      card(
        isSame ? 'good' : 'bad',
        'Our tables, shuffled',
        isSame ? '✓ the same rows' : '✗ not the same',
        shuffled.current?.status,
        counted(shuffled),
      ),
      card(
        isLastWriteRight ? 'plain' : 'bad',
        'A table that keeps the last write',
        isLastWriteRight ? 'right, by luck' : '✗ wrong',
        shuffled.lastWrite,
        'Computed from the same writes in the order of their arrival, each replacing the one before.',
      ),
    ),
    ...differences.map((line) => html('p', { class: 'bad' }, line)),
    rows(inOrder, shuffled),
  ];
}

const small = (text) => html('p', { class: 'small' }, text);

const counted = ({ log, notified }) => `${log.length} rows in the log, ${notified.length} notifications.`;

const KILLED =
  'The attempt marked “killed” lost its process (SIGKILL) after DynamoDB had stored the log row: the status was not written. ' +
  'Lambda retried it, here after a second, on AWS after a minute. ' +
  'Between the two deliveries the shipment’s rows were removed, so that the same events were new again.';

const chip = (place, status, below, classes = '') =>
  html(
    'li',
    { class: `chip ${classes}` },
    html('span', { class: 'place' }, String(place + 1)),
    html('span', {}, words(status)),
    html('span', { class: 'below' }, below),
  );

const card = (classes, title, verdict, status, explanation) =>
  html(
    'article',
    { class: `card ${classes}` },
    html('h4', {}, title),
    html('p', { class: 'verdict' }, verdict),
    html('p', {}, 'status: ', status ? statusBadge(status) : badge('none', 'bad')),
    small(explanation),
  );

/** The rows of both deliveries, side by side. */
function rows(inOrder, shuffled) {
  const heads = ['', 'Status', 'Delivered in order', 'Shuffled'].map((text) => html('th', { scope: 'col' }, text));
  const hash = (logged) =>
    logged ? `${logged.payload_hash.slice(2, 14)}…${logged.notified_at ? ', notified' : ''}` : 'missing';
  const compared = (name, status, ordered, reversed) =>
    row(cell(name), cell(words(status)), cell(ordered, 'code'), cell(reversed, 'code'));
  const log = inOrder.log.map((logged) => {
    const other = shuffled.log.find(({ event_id }) => event_id === logged.event_id);
    return compared(logged.event_id, logged.status, hash(logged), hash(other));
  });
  const versions = [inOrder, shuffled].map(({ current }) => current?.version ?? 'missing');
  const current = compared('current status', inOrder.current?.status ?? '', ...versions);
  return html(
    'details',
    {},
    html('summary', {}, 'Compare the rows'),
    html('table', {}, html('thead', {}, row(...heads)), html('tbody', {}, log, current)),
    small('All attributes are compared, except the times at which a function ran (processed_at, notified_at).'),
  );
}
