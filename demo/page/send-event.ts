import { changeIn } from '../../cli/json-limits';
import { parseDetail } from '../../contracts/define-event';
import { recordsShipments } from '../../contracts/functions';
import { CONTRACTS, SAMPLED_CONTRACTS } from '../../contracts/generated/contracts';
import type { LocalStack } from '../../local/stack';
import { Refusal } from './refusal';

/** The kinds of event that the form offers: those about shipments. */
export const KINDS = SAMPLED_CONTRACTS.filter(({ key }) => recordsShipments(key)).map(
  ({ contract: { detailType, summary } }) => ({ detailType, summary }),
);

const ALL = Object.values(CONTRACTS).flat();

/**
 * Puts one event on the bus.
 * @param request `{kind, detail}`, the detail's `metadata` as it was typed if there is any, and `anyway: true` for an event that its
 * contract refuses, to see what becomes of it
 * @throws Refusal naming each field that is wrong
 */
export async function sendEvent(request: unknown, bus: Pick<LocalStack, 'send'>): Promise<{ id: string }> {
  const { kind, detail: given, metadata = '', anyway } = (request ?? {}) as Readonly<Record<string, unknown>>;
  const contract = ALL.find(({ detailType }) => detailType === kind);
  if (!contract) throw new Refusal(422, `kind must be one of ${ALL.map(({ detailType }) => detailType).join(', ')}`);
  const typed = String(metadata).trim();
  const detail = typed === '' ? given : { ...Object(given), metadata: metadataOf(typed) };
  const parsed = parseDetail(contract, detail);
  if (!parsed.ok && anyway !== true) {
    throw new Refusal(422, parsed.problems.map(({ path, message }) => `${path} ${message}`).join('; '));
  }
  const { source, detailType } = contract;
  return { id: await bus.send({ source, 'detail-type': detailType, time: new Date().toISOString(), detail }) };
}

/** Reads the text here: the browser would already have lost the digits of its numbers. */
function metadataOf(text: string): unknown {
  let metadata: unknown;
  try {
    metadata = JSON.parse(text);
  } catch {
    throw new Refusal(422, 'metadata must be JSON, like {"carrier": "NordFreight"}');
  }
  const changed = changeIn(text, 'metadata');
  if (changed) throw new Refusal(422, changed);
  return metadata;
}
