/** Details for the contracts, valid or invalid by one field, to compare two validators with. */
import fc from 'fast-check';
import type { EventContract } from '../../../contracts/define-event';
import { MAX_ESTIMATED_DAYS, metadataFields } from '../../../contracts/fields';
import { SAMPLED_CONTRACTS } from '../../../contracts/generated/contracts';
import { STATUSES } from '../../../contracts/statuses';
import { isObject, type JsonObject } from '../../../src/domain/json';
import { codePoint } from '../../support/fuzz/json-text';

const digits = (length: number, max: number) =>
  fc.integer({ min: 0, max }).map((value) => String(value).padStart(length, '0'));

const offset = fc.oneof(
  { arbitrary: fc.constantFrom('Z', 'z', '+01:00', '-05:30', '+00:00', '-00:00', '+23:59'), weight: 3 },
  fc.constantFrom('', '+0100', '+24:00', '-01:60', '+1:00', 'UTC'),
);

/** Instants around every edge: months of all lengths, leap years, the year 0, leap seconds. */
export const anyInstant = fc
  .record({
    date: fc.oneof(
      fc.tuple(digits(4, 9999), digits(2, 13), digits(2, 32)).map((parts) => parts.join('-')),
      fc.constantFrom('2024-02-29', '2023-02-29', '0000-02-29', '0099-02-28', '1900-02-29', '2000-02-29', '2026-04-31'),
    ),
    mark: fc.constantFrom('T', 'T', 'T', 't', ' '),
    time: fc.oneof(
      fc.tuple(digits(2, 24), digits(2, 60), digits(2, 61)).map((parts) => parts.join(':')),
      fc.constantFrom('23:59:60', '00:59:60', '18:29:60', '12:00:60', '23:59:59'),
    ),
    fraction: fc.constantFrom('', '', '.5', '.123456789', '.', ',5'),
    offset,
  })
  .map((parts) => `${parts.date}${parts.mark}${parts.time}${parts.fraction}${parts.offset}`);

const printable = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));

/** Texts of a maximum length, and one character longer: a character is a code point, which both validators must count. */
const longTexts = [128, 256, 500].flatMap((limit) =>
  ['x', '📦'].flatMap((character) => [character.repeat(limit), character.repeat(limit + 1)]),
);

/** Values at the edges of what a field accepts. */
const EDGES: readonly unknown[] = [
  ...['', ' ', 'a b', 'é', '\u007f', 'a\n', '\ud800', 'constructor', ...longTexts],
  ...[-1, -1e-9, 0, 0.5, MAX_ESTIMATED_DAYS, MAX_ESTIMATED_DAYS + 1, 1e300, '4'],
  ...[...STATUSES, 'lost', 'Pending', 'pending '],
  ...[null, true, 'true', [], ['a'], {}, { estimated_days: 'soon' }],
];

const edge = fc.oneof(
  fc.constantFrom(...EDGES),
  anyInstant,
  fc.double({ min: 0, max: MAX_ESTIMATED_DAYS, noNaN: true }),
  fc.string({ unit: printable, minLength: 1, maxLength: 128 }),
  fc.string({ unit: codePoint, maxLength: 4 }),
  fc.jsonValue(),
);

/** The contract's sample details, as parsed from JSON. */
const samplesOf = ({ detailType }: EventContract): JsonObject[] =>
  SAMPLED_CONTRACTS.filter(({ contract }) => contract.detailType === detailType)
    .flatMap(({ samples }) => Object.values<{ detail: object }>(samples))
    .map(({ detail }) => JSON.parse(JSON.stringify(detail)));

/** A sample of a contract with each of its fields, and each field of its metadata, at each edge. */
export function detailsAtEdges(contract: EventContract): object[] {
  const [sample] = samplesOf(contract);
  return EDGES.flatMap((value) => [
    ...Object.keys(contract.fields).map((name) => ({ ...sample, [name]: value })),
    ...Object.keys(metadataFields).map((name) => ({ ...sample, metadata: { [name]: value } })),
  ]);
}

/** Replaces up to four members; an undefined one is left out of the JSON. */
const changed = (object: JsonObject, names: readonly string[]): fc.Arbitrary<object> =>
  fc
    .dictionary(fc.constantFrom(...names), fc.oneof(edge, fc.constant(undefined)), { maxKeys: 4 })
    .map((changes) => ({ ...object, ...changes }));

/** Details for a contract, as parsed from JSON: its samples with some members replaced. */
export function anyDetail(contract: EventContract): fc.Arbitrary<unknown> {
  const names = [...Object.keys(contract.fields), 'weight', 'ocurred_at', 'Status'];
  const details = fc.constantFrom(...samplesOf(contract)).chain(({ metadata, ...sample }) => {
    const changedMetadata = changed(isObject(metadata) ? metadata : {}, [...Object.keys(metadataFields), 'note']);
    return fc
      .tuple(changed(sample, names), fc.option(changedMetadata, { nil: undefined }))
      .map(([detail, given]) => ({ ...(given && 'metadata' in contract.fields && { metadata: given }), ...detail }));
  });
  const nonObjects = fc.constantFrom<unknown>([], null, 'detail', 1, true);
  return fc
    .oneof({ arbitrary: details, weight: 60 }, { arbitrary: nonObjects, weight: 1 })
    .map((detail) => JSON.parse(JSON.stringify(detail)));
}
