import { call } from './api.js';
import { badge, byId, html, statusBadge, words } from './dom.js';
import { track } from './track.js';

export function startShuffle() {
  const button = byId('shuffle');
  button.addEventListener('click', async () => {
    button.disabled = true;
    button.textContent = 'Shuffling …';
    try {
      const outcome = await call('/api/shuffle', { correction: byId('with-correction').checked });
      byId('shuffled').replaceChildren(...story(outcome));
      track(outcome.shipment);
    } catch (error) {
      byId('shuffled').replaceChildren(html('p', { class: 'bad' }, error.message));
    }
    button.disabled = false;
    button.textContent = 'Shuffle again';
  });
}

function story({ seed, shipment, day, inOrder, shuffled, differences }) {
  const isSame = differences.length === 0;
  const isRight = shuffled.lastWrite === inOrder.current?.status;
  return [
    html('h3', {}, `What happened to ${shipment}`),
    html(
      'ol',
      { class: 'chips' },
      day.map(({ status, at, corrects }, place) => chip(place, status, corrects ? 'corrected' : at.slice(11, 16))),
    ),
    html('h3', {}, 'How it was delivered'),
    html(
      'ol',
      { class: 'chips' },
      shuffled.attempts.map(({ place, outcome }) =>
        chip(place, day[place].status, LOOKS[outcome], outcome.replace(' ', '-')),
      ),
    ),
    html('p', { class: 'small' }, KILLED),
    html(
      'div',
      { class: 'cards' },
      card('Our tables, delivered in order', inOrder, 'plain'),
      card('Our tables, shuffled', shuffled, isSame ? 'good' : 'bad', isSame ? '✓ the same rows' : '✗ not the same'),
      html(
        'article',
        { class: `card ${isRight ? 'plain' : 'bad'}` },
        html('h4', {}, 'A table that keeps the last write'),
        html('p', { class: 'verdict' }, isRight ? 'right, by luck' : '✗ wrong'),
        html('p', {}, 'says ', statusBadge(shuffled.lastWrite)),
        html(
          'p',
          { class: 'small' },
          'Worked out from the very same writes, in the order in which they arrived, each replacing the one before.',
        ),
      ),
    ),
    ...differences.map((line) => html('p', { class: 'bad' }, line)),
    rows(inOrder, shuffled),
    html('p', { class: 'small' }, `Seed ${seed}.`),
  ];
}

const LOOKS = { 'new row': 'new row', killed: 'killed', retry: 'retried', duplicate: 'duplicate' };

const KILLED =
  'The function that met “killed” lost its process (SIGKILL) after DynamoDB had stored the log row and before the function knew: ' +
  'the status was not written. Lambda tried the event again, here after a second, on AWS after a minute. ' +
  'Between the two deliveries the shipment’s rows were removed, so that the very same events came in twice.';

const chip = (place, status, below, look = '') =>
  html(
    'li',
    { class: `chip ${look}` },
    html('span', { class: 'place' }, String(place + 1)),
    html('span', { class: 'what' }, words(status)),
    html('span', { class: 'below' }, below),
  );

const card = (title, { log, current, notified }, look, verdict) =>
  html(
    'article',
    { class: `card ${look}` },
    html('h4', {}, title),
    html('p', { class: 'verdict' }, verdict ?? 'what must come out'),
    html('p', {}, 'says ', current ? statusBadge(current.status) : badge('nothing', 'bad')),
    html('p', { class: 'small' }, `${log.length} rows in the log, ${notified.length} notifications.`),
  );

/** Every row of both deliveries, side by side. */
function rows(inOrder, shuffled) {
  const head = html(
    'tr',
    {},
    ['', 'Status', 'Delivered in order', 'Shuffled'].map((text) => html('th', { scope: 'col' }, text)),
  );
  const hash = (row) => (row ? `${row.payload_hash.slice(2, 14)}…${row.notified_at ? ', notified' : ''}` : 'missing');
  return html(
    'details',
    {},
    html('summary', {}, 'Compare the rows'),
    html(
      'table',
      {},
      html('thead', {}, head),
      html(
        'tbody',
        {},
        inOrder.log.map((row) =>
          html(
            'tr',
            {},
            html('td', {}, row.event_id),
            html('td', {}, words(row.status)),
            html('td', { class: 'code' }, hash(row)),
            html('td', { class: 'code' }, hash(shuffled.log.find(({ event_id }) => event_id === row.event_id))),
          ),
        ),
        html(
          'tr',
          {},
          html('td', {}, 'current status'),
          html('td', {}, words(inOrder.current?.status ?? '')),
          html('td', { class: 'code' }, inOrder.current?.version ?? 'missing'),
          html('td', { class: 'code' }, shuffled.current?.version ?? 'missing'),
        ),
      ),
    ),
    html(
      'p',
      { class: 'small' },
      'Compared whole, but for the times at which a function ran (processed_at, notified_at).',
    ),
  );
}
