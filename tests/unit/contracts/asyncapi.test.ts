/** The AsyncAPI document: valid by the standard's own schema, with good references and the payloads of the published schemas. */
import { readFileSync } from 'node:fs';
import asyncapi3 from '@asyncapi/specs/schemas/3.0.0-without-$id.json';
import { parse } from 'yaml';
import { SAMPLED_CONTRACTS } from '../../../contracts/generated/contracts';
import { committedSchema, draft07 } from './validators';

const document = parse(readFileSync('docs/contracts/asyncapi.yaml', 'utf8'));

/** The target of a local reference (`#/a/b`). */
const follow = ($ref: string) =>
  $ref
    .slice(2)
    .split('/')
    .reduce((node, key) => node?.[key], document);

function referencesIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  if ('$ref' in node && typeof node.$ref === 'string') return [node.$ref];
  return Object.values(node).flatMap(referencesIn);
}

type Operation = { action: string; channel: { $ref: string }; messages: { $ref: string }[] };

const operations: Operation[] = Object.values(document.operations);

it('is an AsyncAPI 3 document by the schema of the standard', () => {
  // The edition whose references ajv resolves. It uses formats and keywords that ajv does not know.
  const validate = draft07({ strict: false, logger: false }).compile(asyncapi3);

  expect({ valid: validate(document), errors: validate.errors }).toEqual({ valid: true, errors: null });
});

it('has no broken reference, and no operation with a message of another channel', () => {
  expect(referencesIn(document).filter((reference) => follow(reference) === undefined)).toEqual([]);
  for (const { channel, messages } of operations) {
    expect(messages.filter(({ $ref }) => !$ref.startsWith(`${channel.$ref}/messages/`))).toEqual([]);
  }
});

it('has an operation for every message of every channel', () => {
  const offered = Object.entries<{ messages: object }>(document.channels).flatMap(([key, { messages }]) =>
    Object.keys(messages).map((name) => `#/channels/${key}/messages/${name}`),
  );
  const used = operations.flatMap(({ messages }) => messages.map(({ $ref }) => $ref));

  expect(used.sort()).toEqual(offered.sort());
});

describe.each(SAMPLED_CONTRACTS.map(({ contract, samples }) => [contract.detailType, { contract, samples }] as const))(
  'the message %s',
  (detailType, { contract, samples }) => {
    const message = Object.values<{
      name: string;
      title: string;
      headers: object;
      payload: object;
      examples: object[];
    }>(document.components.messages).find(({ title }) => title === `${detailType}, version ${contract.version}`);
    if (!message) throw new Error(`${detailType} is not in the document`);

    it('is routed by the source and detail-type of its rule, and shows every sample', () => {
      const isRouted = draft07().compile(message.headers);

      expect(isRouted({ source: contract.source, 'detail-type': detailType })).toBe(true);
      expect(isRouted({ source: contract.source, 'detail-type': `${detailType}!` })).toBe(false);
      expect(message.examples).toHaveLength(Object.keys(samples).length);
    });

    it('has the payload of the published schema, in keywords that draft 07 has too', () => {
      const text = expect.any(String);

      expect(committedSchema(message.name)).toEqual({
        $schema: text,
        $id: text,
        title: text,
        description: text,
        ...message.payload,
      });
      expect(() => draft07().compile(message.payload)).not.toThrow();
    });
  },
);
