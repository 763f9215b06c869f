import { call } from './api.js';
import { byId, html } from './dom.js';
import { track } from './track.js';

export function startForm({ kinds, statuses }) {
  const form = byId('send');
  form.elements.kind.append(
    ...kinds.map(({ detailType, summary }) =>
      html('option', { value: detailType, title: summary, selected: detailType.endsWith('Updated') }, detailType),
    ),
  );
  byId('statuses').append(...statuses.map((status) => html('option', { value: status })));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send(form, false);
  });
  byId('anyway').addEventListener('click', () => send(form, true));
  form.addEventListener('input', () => {
    byId('anyway').hidden = true;
    for (const field of form.elements) field.removeAttribute('aria-invalid');
  });
}

async function send(form, anyway) {
  const [outcome, anywayButton] = [byId('sent'), byId('anyway')];
  anywayButton.hidden = true;
  outcome.className = '';
  for (const field of form.elements) field.removeAttribute('aria-invalid');
  try {
    const detail = detailOf(form);
    const metadata = form.elements.metadata.value;
    const { id } = await call('/api/events', { kind: form.elements.kind.value, detail, metadata, anyway });
    outcome.textContent = `On the bus as ${id}.`;
    outcome.className = 'good';
    if (detail.shipment_id) track(detail.shipment_id);
  } catch (error) {
    outcome.textContent = `Refused: ${error.message}`;
    outcome.className = 'bad';
    const invalid = [...form.elements].filter(({ name }) => name && new RegExp(`\\b${name}\\b`).test(error.message));
    for (const field of invalid) field.setAttribute('aria-invalid', 'true');
    anywayButton.hidden = !error.message.startsWith('detail.');
    invalid[0]?.focus();
  }
}

/** The detail's fields that are filled in, without the metadata. */
const detailOf = (form) =>
  Object.fromEntries(
    ['shipment_id', 'status', 'event_id', 'occurred_at', 'reason'].flatMap((name) => {
      const value = form.elements[name].value;
      return value === '' ? [] : [[name, value]];
    }),
  );
