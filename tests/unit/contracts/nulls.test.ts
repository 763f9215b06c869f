/** Null for an absent field, which many serializers write. */
import fc from 'fast-check';
import { type EventContract, parseDetail } from '../../../contracts/define-event';
import { metadataFields } from '../../../contracts/fields';
import { CONTRACTS } from '../../../contracts/generated/contracts';
import { isObject, type JsonObject } from '../../../src/domain/json';
import { SEED } from '../../support/sample';
import { anyDetail } from './details';

const contracts: EventContract[] = Object.values(CONTRACTS).flat();

const METADATA = Object.keys(metadataFields);

/** Sets the absent ones of these fields to null. */
const withNulls = (object: JsonObject, names: readonly string[]): JsonObject => ({
  ...Object.fromEntries(names.map((name) => [name, null])),
  ...object,
});

describe.each(contracts.map((contract) => [contract.detailType, contract] as const))('a %s', (_, contract) => {
  const optional = Object.keys(contract.fields).filter((name) => contract.fields[name]?.type === 'optional');

  it('is the same event with null for its absent fields', () => {
    fc.assert(
      fc.property(anyDetail(contract), (detail) => {
        fc.pre(isObject(detail));
        const { metadata } = detail;
        const filled = withNulls(detail, optional);
        const input = isObject(metadata) ? { ...filled, metadata: withNulls(metadata, METADATA) } : filled;

        expect(parseDetail(contract, input)).toEqual(parseDetail(contract, detail));
      }),
      { seed: SEED },
    );
  });
});

it('a null stays in a field that the contract does not name', () => {
  const metadata = { carrier: null, note: null, inner: { carrier: null } };

  expect(parseDetail(CONTRACTS['shipment-processor'][0], { shipment_id: 'S', note: null, metadata })).toMatchObject({
    received: { note: null, metadata: { note: null, inner: { carrier: null } } },
  });
});
