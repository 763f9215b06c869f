import { changeIn } from '../../cli/json-limits';
import { parseDetail } from '../../contracts/define-event';
import { recordsShipments } from '../../contracts/functions';
import { CONTRACTS, SAMPLED_CONTRACTS } from '../../contracts/generated/contracts';
import type { LocalStack } from '../../local/stack';
import { Refusal } from './guard';

/** The kinds of event that the form offers: all about shipments. */
export const KINDS = SAMPLED_CONTRACTS.filter(({ key }) => recordsShipments(key)).map(
  ({ contract: { detailType, summary } }) => ({ detailType, summary }),
);

const ALL_CONTRACTS = Object.values(CONTRACTS).flat();

/**
 * Puts one event on the bus.
 * @param request `{kind, detail, metadata, anyway}`: `metadata` is the text that was typed, `anyway: true` sends an invalid event
 * @throws Refusal naming each invalid field
 */
export async function sendEvent(request: unknown, bus: Pick<LocalStack, 'send'>): Promise<{ id: string }> {
  const { kind, detail: given, metadata = '', anyway } = (request ?? {}) as Readonly<Record<string, unknown>>;
  const contract = ALL_CONTRACTS.find(({ detailType }) => detailType === kind);
  if (!contract) {
    const kinds = ALL_CONTRACTS.map(({ detailType }) => detailType).join(', ');
    throw new Refusal(422, `kind must be one of ${kinds}`);
  }
  const typed = String(metadata).trim();
  const detail = typed === '' ? given : { ...Object(given), metadata: metadataOf(typed) };
  const parsed = parseDetail(contract, detail);
  if (!parsed.ok && anyway !== true) {
    throw new Refusal(422, parsed.problems.map(({ path, message }) => `${path} ${message}`).join('; '));
  }
  const { source, detailType } = contract;
  return { id: await bus.send({ source, 'detail-type': detailType, time: new Date().toISOString(), detail }) };
}

/** Parses metadata on the server, because the browser would round large numbers. */
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
