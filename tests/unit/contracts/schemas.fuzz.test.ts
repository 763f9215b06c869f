/** The published JSON Schemas: valid by the standard, and equivalent to the handlers' validation. */
import fc from 'fast-check';
import * as v from 'valibot';
import { defineEvent, type EventContract, parseDetail } from '../../../contracts/define-event';
import { instant } from '../../../contracts/fields';
import { CONTRACTS } from '../../../contracts/generated/contracts';
import { detailSchemaOf, jsonSchemaOf } from '../../../tools/generate/json-schema';
import { PUBLISHED, versionedName } from '../../../tools/generate/published';
import { SEED } from '../../support/sample';
import { anyDetail, anyInstant, detailsAtEdges } from './details';
import { asJson, committedSchema, draft2020, validatorOf } from './validators';

/** Details compared for each contract. */
const DETAILS = 3_000;

const contracts: readonly EventContract[] = Object.values(CONTRACTS).flat();

describe('each published schema', () => {
  it.each(PUBLISHED.map(versionedName))('is valid by the draft that it names: %s', (name) => {
    const schema = committedSchema(name);
    const ajv = draft2020();

    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(ajv.validateSchema(schema)).toBe(true);
    expect(() => ajv.compile(schema)).not.toThrow();
  });

  it.each(contracts.map((contract) => [contract.detailType, contract] as const))(
    `accepts what the handler accepts, at each edge and in ${DETAILS} details: %s`,
    (detailType, contract) => {
      const validate = validatorOf(detailType);
      const verdicts = { valid: 0, invalid: 0 };

      const isEqual = (detail: unknown) => validate(detail) === parseDetail(contract, detail).ok;
      expect(detailsAtEdges(contract).filter((detail) => !isEqual(detail))).toEqual([]);

      fc.assert(
        fc.property(anyDetail(contract), (detail) => {
          const { ok } = parseDetail(contract, detail);
          verdicts[ok ? 'valid' : 'invalid'] += 1;
          return validate(detail) === ok;
        }),
        { numRuns: DETAILS, seed: SEED },
      );

      // A comparison of details that are all invalid, or all valid, would prove little.
      expect(Math.min(verdicts.valid, verdicts.invalid)).toBeGreaterThan(DETAILS / 20);
    },
    60_000,
  );
});

it('the schema and the handler accept the same instants, at the edges of months, years and leap seconds', () => {
  const validate = draft2020().compile(asJson(jsonSchemaOf(instant)));

  fc.assert(
    fc.property(anyInstant, (text) => validate(text) === v.is(instant, text)),
    { numRuns: 10 * DETAILS, seed: SEED },
  );
});

describe('a rule in code', () => {
  const eventWith = (field: v.GenericSchema) =>
    defineEvent({ source: 's', detailType: 'Weighed', version: 1, summary: 'Weighed.', fields: { weight: field } });

  it('stops the generator when it has no JSON Schema', () => {
    const isEven = v.check((value: number) => value % 2 === 0, 'must be even');

    expect(() => detailSchemaOf(eventWith(v.pipe(v.number(), isEven)))).toThrow(
      'give it one by withJsonSchema: must be even',
    );
  });

  it('stops the generator when it repeats a keyword of the schema', () => {
    const rule = { field: 'weight', message: 'is wrong', jsonSchema: { required: ['unit'] }, holds: () => true };

    expect(() => detailSchemaOf({ ...eventWith(v.string()), rules: [rule] })).toThrow('required');
  });
});
