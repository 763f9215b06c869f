/** The check that a released contract does not change incompatibly without a new version. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { narrowings } from '../../contracts/compatibility/compare-schemas';
import { incompatibilities, type Released } from '../../contracts/compatibility/incompatibilities';
import { CURRENT, readBaseline } from '../../contracts/compatibility/released';
import type { JsonSchema } from '../../contracts/generate/json-schema';
import { SEED } from './details';
import { asJson, draft2020 } from './validators';

const payload = {
  type: 'object',
  properties: {
    id: { type: 'string', pattern: '^[a-z]+$' },
    status: { type: 'string', enum: ['open', 'shut'] },
    weight: { type: 'number', minimum: 0, maximum: 10 },
    at: { type: 'string', format: 'date-time' },
    notes: { type: 'object', properties: { author: { type: 'string' } }, additionalProperties: true },
  },
  required: ['id', 'status'],
  dependentRequired: { weight: ['at'] },
} as const satisfies JsonSchema;

const { properties } = payload;

const headers = {
  type: 'object',
  properties: { source: { const: 'a' }, 'detail-type': { const: 'A' } },
  required: ['source', 'detail-type'],
} as const satisfies JsonSchema;

const message = (overrides: object = {}): Released =>
  asJson({ direction: 'received', version: 1, channels: ['bus'], headers, payload, ...overrides });

/** The payload with some of its fields changed; `undefined` removes one. */
const withFields = (fields: object) => ({ ...payload, properties: { ...properties, ...fields } });

const withoutId = { ...withFields({ id: undefined }), required: ['status'] };

const fine = /^$/;

/** A change of the payload, and what is said when producers send it to us, and when we send it. */
const PAYLOAD_CHANGES: [what: string, changed: object, received: RegExp, sent: RegExp][] = [
  ['nothing', payload, fine, fine],
  ['another description', { ...payload, title: 'T', description: 'D' }, fine, fine],
  ['a new optional field', withFields({ size: { type: 'number' } }), fine, fine],
  ['a new required field', { ...payload, required: ['id', 'status', 'at'] }, /field at: required/, fine],
  ['a required field made optional', { ...payload, required: ['id'] }, fine, /field status: required/],
  ['a required field removed', withoutId, fine, /field id: required.*\n.*field id: properties/],
  ['an optional field removed', withFields({ weight: undefined }), fine, /field weight: properties/],
  [
    'a value added to an enum',
    withFields({ status: { type: 'string', enum: ['open', 'shut', 'lost'] } }),
    fine,
    /enum/,
  ],
  ['a value taken from an enum', withFields({ status: { type: 'string', enum: ['open'] } }), /status: enum/, fine],
  ['an enum made any string', withFields({ status: { type: 'string' } }), fine, /status: enum/],
  ['a pattern dropped', withFields({ id: { type: 'string' } }), fine, /id: pattern/],
  ['a pattern changed', withFields({ id: { type: 'string', pattern: '^[a-z]*$' } }), /cannot tell/, /cannot tell/],
  ['a pattern added', withFields({ at: { ...properties.at, pattern: 'Z$' } }), /at: pattern/, fine],
  ['another type', withFields({ weight: { type: 'string' } }), /weight: type/, /weight: type/],
  ['a number made an integer', withFields({ weight: { ...properties.weight, type: 'integer' } }), /weight: type/, fine],
  ['a wider bound', withFields({ weight: { ...properties.weight, maximum: 11 } }), fine, /weight: maximum/],
  ['a narrower bound', withFields({ weight: { ...properties.weight, minimum: 1 } }), /weight: minimum/, fine],
  ['a choice of types', withFields({ id: { anyOf: [properties.id, { type: 'number' }] } }), fine, /id: type/],
  [
    'a default',
    withFields({ status: { ...properties.status, default: 'open' } }),
    /status: default/,
    /status: default/,
  ],
  ['no more dependency', { ...payload, dependentRequired: {} }, fine, /required with weight/],
  ['another dependency', { ...payload, dependentRequired: { at: ['id'], weight: ['at', 'notes'] } }, /notes/, fine],
  ['other fields refused', { ...payload, additionalProperties: false }, /additionalProp|schema/, fine],
  [
    'a nested field typed that was kept as it came',
    withFields({
      notes: { ...properties.notes, properties: { ...properties.notes.properties, page: { type: 'number' } } },
    }),
    /notes.page: type/,
    fine,
  ],
  [
    'other nested fields no longer kept',
    withFields({ notes: { ...properties.notes, additionalProperties: undefined } }),
    /notes: additional/,
    fine,
  ],
  [
    'a keyword the check does not know',
    withFields({ weight: { ...properties.weight, multipleOf: 2 } }),
    /cannot tell/,
    /cannot tell/,
  ],
];

const said = (released: object, current: object) =>
  incompatibilities('thing', message(released), message(current)).join('\n');

describe.each(PAYLOAD_CHANGES)('%s', (_, changed, received, sent) => {
  it('in what we receive', () => {
    expect(said({}, { payload: changed })).toMatch(received);
  });

  it('in what we send', () => {
    expect(said({ direction: 'sent' }, { direction: 'sent', payload: changed })).toMatch(sent);
  });
});

describe('beside the payload', () => {
  const other = (part: object) => ({ ...headers, properties: { ...headers.properties, ...part } });

  it.each<[what: string, current: object, expected: RegExp]>([
    ['another source', { headers: other({ source: { const: 'b' } }) }, /header source: const was "a" and is "b"/],
    ['another detail-type', { headers: other({ 'detail-type': { const: 'B' } }) }, /header detail-type: const/],
    ['another channel', { channels: ['alertsTopic'] }, /no longer on bus/],
    ['another direction', { direction: 'sent' }, /was received and is sent/],
    ['a version that falls', { version: 0 }, /versions only rise/],
  ])('%s is incompatible', (_, current, expected) => {
    expect(said({}, current)).toMatch(expected);
  });

  it('a message that is gone is incompatible', () => {
    expect(incompatibilities('thing', message(), undefined).join()).toMatch(/thing is gone: bring it back, or/);
  });
});

it('a new version may break anything', () => {
  expect(said({}, { version: 2, payload: {}, headers: {}, channels: [] })).toBe('');
});

it('each sentence names the message and what to do', () => {
  const sentences = said({}, { payload: { ...payload, required: ['id', 'status', 'at'] } });

  expect(sentences).toBe(
    'thing: field at: required was absent and is true, which refuses or changes what producers may send: ' +
      'undo it, or raise thing to version 2 (CONTRIBUTING.md, "Change an event")',
  );
});

it('the baseline holds contracts that exist, and the contracts pass', () => {
  const released = Object.entries(readBaseline());

  expect(released.length).toBeGreaterThan(0);
  expect(released.flatMap(([name, it]) => incompatibilities(name, it, CURRENT.get(name)))).toEqual([]);
});

describe('the comparison of schemas', () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(fc.constantFrom('', 'a', 'b', 'ab'), fc.integer({ min: 0, max: 3 }), fc.constant(0.5), tie('object')),
    object: fc.dictionary(fc.constantFrom('x', 'y', 'z'), tie('any'), { maxKeys: 3 }),
  })).any;

  const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
  const names = fc.uniqueArray(fc.constantFrom('x', 'y'), { maxLength: 2 });

  /** Schemas of the generator's kind over few words, so that two of them are often related. */
  const schema = fc.letrec<{ any: JsonSchema | boolean }>((tie) => ({
    any: fc.oneof(
      { depthSize: 'small', maxDepth: 2 },
      fc.record({ type: fc.constant('string' as const), pattern: optional(fc.constantFrom('^a', 'b')) }),
      fc.record({ enum: fc.uniqueArray(fc.constantFrom('a', 'b', 1), { minLength: 1 }) }),
      fc.record({
        type: fc.constantFrom('number' as const, 'integer' as const),
        minimum: optional(fc.integer({ min: 0, max: 2 })),
        maximum: optional(fc.integer({ min: 1, max: 3 })),
      }),
      fc.record({ anyOf: fc.array(tie('any'), { minLength: 1, maxLength: 2 }) }),
      fc.record({
        type: optional(fc.constant('object' as const)),
        properties: optional(fc.dictionary(fc.constantFrom('x', 'y'), tie('any'), { maxKeys: 2 })),
        additionalProperties: optional(fc.oneof(fc.boolean(), tie('any'))),
        required: optional(names),
        dependentRequired: optional(fc.dictionary(fc.constantFrom('x', 'y'), names, { maxKeys: 1 })),
      }),
    ) as fc.Arbitrary<JsonSchema | boolean>,
  })).any;

  it('never lets a narrowing pass: what it finds none in takes every value that was valid', () => {
    const ajv = draft2020({ strict: false });
    let related = 0;

    fc.assert(
      fc.property(schema, schema, fc.array(value, { minLength: 30, maxLength: 60 }), (from, to, values) => {
        const [before, after] = [asJson(from), asJson(to)];
        if (isDeepStrictEqual(before, after) || narrowings(before, after, 'it was removed').length > 0) return;
        related += 1;
        const [wasValid, isValid] = [ajv.compile(before), ajv.compile(after)];
        expect(values.filter((it) => wasValid(it) && !isValid(it))).toEqual([]);
      }),
      { numRuns: 5_000, seed: SEED },
    );

    expect(related).toBeGreaterThan(100);
  }, 60_000);
});
