/** Details for the contracts, valid ones and such as miss by one thing, for the comparison of two validators. */
import fc from 'fast-check';
import { FAILURE_KINDS } from '../../../contracts/error-fields';
import { MAX_ESTIMATED_DAYS, metadataFields } from '../../../contracts/fields';
import { STATUSES } from '../../../contracts/statuses';

/** Values for one field, the first valid, the second mostly not. */
type Values = readonly [good: fc.Arbitrary<unknown>, doubtful: fc.Arbitrary<unknown>];

const printable = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));

const token: Values = [
  fc.string({ unit: printable, minLength: 1, maxLength: 128 }),
  fc.oneof(
    fc.constantFrom('', ' ', 'a b', 'é', '\u007f', 'a\n', 'x'.repeat(128), 'x'.repeat(129), '\ud800', 7, null),
    fc.string({ unit: 'binary', maxLength: 4 }),
  ),
];

const digits = (length: number, max: number) =>
  fc.integer({ min: 0, max }).map((value) => String(value).padStart(length, '0'));

const offset = fc.oneof(
  { arbitrary: fc.constantFrom('Z', 'z', '+01:00', '-05:30', '+00:00', '-00:00', '+23:59'), weight: 3 },
  fc.constantFrom('', '+0100', '+24:00', '-01:60', '+1:00', 'UTC'),
);

/** Days and times around every edge: months of all lengths, leap years, the year 0, leap seconds. */
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

const instant: Values = [
  fc
    .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  fc.oneof(anyInstant, fc.constantFrom('2026-03-01', 'yesterday', 1_772_000_000, null)),
];

const status: Values = [
  fc.constantFrom(...STATUSES),
  fc.constantFrom('lost', 'Pending', 'pending ', '', 'constructor', 0, null),
];

const text: Values = [fc.string(), fc.constantFrom(0, null, true, ['a'], {})];

/** Of up to so many characters: code points, which the validators must count alike. */
const textOf = (limit: number): Values => [
  fc.constantFrom('x', 'x'.repeat(limit), '📦'.repeat(limit), '\n'),
  fc.constantFrom('', 'x'.repeat(limit + 1), `x${'📦'.repeat(limit)}`, 7, null),
];

const days: Values = [
  fc.double({ min: 0, max: MAX_ESTIMATED_DAYS, noNaN: true }),
  fc.constantFrom(-1, -1e-9, 0, MAX_ESTIMATED_DAYS, MAX_ESTIMATED_DAYS + 1, '4', null, 1e300),
];

/** An object of such fields; each is left out, right, doubtful or null, mostly right. */
const objectOf = (fields: Readonly<Record<string, Values>>) =>
  fc.record(
    Object.fromEntries(
      Object.entries(fields).map(([name, [good, doubtful]]) => [
        name,
        fc.oneof(
          { arbitrary: good, weight: 12 },
          { arbitrary: doubtful, weight: 1 },
          { arbitrary: fc.constant(null), weight: 1 },
        ),
      ]),
    ),
    { requiredKeys: [] },
  );

/** Values of a field that this file does not know yet. */
const unknown: Values = [fc.oneof(fc.string(), fc.jsonValue()), fc.jsonValue()];

const METADATA: Readonly<Record<string, Values>> = {
  origin: text,
  destination: text,
  carrier: text,
  estimated_days: days,
};

const fieldsOf = (names: readonly string[], known: Readonly<Record<string, Values>>) =>
  Object.fromEntries(names.map((name) => [name, known[name] ?? unknown]));

const metadata: Values = [
  fc
    .tuple(
      fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }),
      objectOf(fieldsOf(Object.keys(metadataFields), METADATA)),
    )
    .map(([extras, known]) => ({ ...extras, ...known })),
  fc.constantFrom([], ['a'], null, 'metadata', 3, { estimated_days: 'soon' }),
];

const KNOWN: Readonly<Record<string, Values>> = {
  shipment_id: token,
  event_id: token,
  occurred_at: instant,
  status,
  old_status: status,
  metadata,
  notify: [fc.boolean(), fc.constantFrom('true', 0, null)],
  reason: textOf(500),
  corrected_by: textOf(256),
  corrects: token,
  // A text for producers, a kind for ourselves.
  error_type: [fc.oneof(fc.string(), fc.constantFrom(...FAILURE_KINDS)), text[1]],
  error_message: text,
  error_id: text,
  error_timestamp: [fc.integer(), fc.constantFrom(0.5, -1, 1e300, '7', null)],
  function_name: text,
};

/** Details for a contract with these fields, as JSON carries them. */
export function anyDetail(fieldNames: readonly string[]): fc.Arbitrary<unknown> {
  const extras = fc.dictionary(fc.constantFrom('weight', 'ocurred_at', 'Status'), fc.jsonValue(), { maxKeys: 1 });
  const details = fc
    .tuple(extras, objectOf(fieldsOf(fieldNames, KNOWN)))
    .map(([others, known]) => ({ ...others, ...known }));
  const noObjects = fc.constantFrom<unknown>([], null, 'detail', 1, true);
  return fc
    .oneof({ arbitrary: details, weight: 60 }, { arbitrary: noObjects, weight: 1 })
    .map((detail) => JSON.parse(JSON.stringify(detail)));
}
