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
    send(form, event.submitter === byId('anyway'));
  });
  form.addEventListener('input', () => reset(form));
}

function reset(form) {
  byId('anyway').hidden = true;
  for (const field of form.elements) field.removeAttribute('aria-invalid');
}

async function send(form, anyway) {
  const outcome = byId('sent');
  outcome.className = '';
  reset(form);
  try {
    const { kind, metadata, ...fields } = Object.fromEntries(new FormData(form));
    const detail = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
    const { id } = await call('/api/events', { kind, detail, metadata, anyway });
    outcome.textContent = `On the bus as ${id}.`;
    outcome.className = 'good';
    if (detail.shipment_id) track(detail.shipment_id);
  } catch (error) {
    outcome.textContent = `Refused: ${error.message}`;
    outcome.className = 'bad';
    const invalid = [...form.elements].filter(({ name }) => name && new RegExp(`\\b${name}\\b`).test(error.message));
    for (const field of invalid) field.setAttribute('aria-invalid', 'true');
    byId('anyway').hidden = !error.message.startsWith('detail.');
    invalid[0]?.focus();
  }
}
