import fc from 'fast-check';
import type { EventContract } from '../../../contracts/define-event';
import { STATUSES } from '../../../contracts/statuses';
import { hostileJson, hostileText, objectOf } from './json-text';

const oneOf = (...texts: string[]) => fc.constantFrom(...texts).map((text) => JSON.stringify(text));

/** Mostly valid, so that invalid values in other places are reached. */
const mostly = (valid: fc.Arbitrary<string>) =>
  fc.oneof({ arbitrary: valid, weight: 8 }, { arbitrary: hostileJson, weight: 1 });

/** Data of a producer that only the row in the log may contain. */
export const SECRET = 'secret-7f3a';

const metadata = fc
  .array(fc.tuple(hostileText, hostileJson), { maxLength: 2 })
  .map((members) => objectOf([...members, ['note', JSON.stringify(SECRET)]]));

/** An object with these members, sometimes without one of them, and with some unknown ones. */
const withMembers = (members: Readonly<Record<string, fc.Arbitrary<string>>>) =>
  fc
    .tuple(
      fc.record(
        Object.fromEntries(Object.entries(members).map(([name, value]) => [name, fc.option(value, { freq: 15 })])),
      ),
      fc.array(fc.tuple(hostileText, hostileJson), { maxLength: 2 }),
    )
    .map(([present, unknown]) =>
      objectOf(
        [...unknown, ...Object.entries(present)].flatMap(([name, json]) => (json === null ? [] : [[name, json]])),
      ),
    );

const detail = withMembers({
  shipment_id: mostly(oneOf('SHP-1')),
  status: mostly(oneOf(...STATUSES)),
  old_status: mostly(oneOf(...STATUSES)),
  event_id: mostly(oneOf('e-1')),
  occurred_at: mostly(oneOf('2026-03-02T08:00:00Z')),
  reason: mostly(oneOf(`${SECRET} belongs to another`)),
  notify: mostly(fc.constantFrom('true', 'false')),
  metadata: fc.oneof({ arbitrary: metadata, weight: 4 }, { arbitrary: hostileJson, weight: 1 }),
  error_type: fc.oneof(
    oneOf('critical', 'rejected'),
    hostileText.map((text) => JSON.stringify(text)),
  ),
  error_message: hostileText.map((text) => JSON.stringify(text)),
});

/** Any input, as JSON, of the function that handles these contracts. */
export function hostileEvent(contracts: readonly Pick<EventContract, 'source' | 'detailType'>[]): fc.Arbitrary<string> {
  const envelope = withMembers({
    id: mostly(oneOf('envelope-1')),
    source: mostly(oneOf(...contracts.map(({ source }) => source))),
    'detail-type': mostly(oneOf(...contracts.map(({ detailType }) => detailType))),
    time: mostly(oneOf('2026-03-02T08:00:00Z')),
    detail: mostly(detail),
  });
  return fc.oneof({ arbitrary: envelope, weight: 9 }, { arbitrary: hostileJson, weight: 1 });
}
