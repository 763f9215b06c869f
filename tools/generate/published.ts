/** Every message that this system receives or sends, for the documents and the compatibility check. */
import { EVENT_FUNCTION_KEYS } from '../../contracts/functions';
import { CONTRACTS, SAMPLED_CONTRACTS } from '../../contracts/generated/contracts';
import { type Channel, SENT, type SentMessage } from '../../contracts/sent';
import { UserError } from '../../lib/user-error.mjs';
import { detailSchemaOf, type JsonSchema, jsonSchemaOf } from './json-schema';

export interface Published {
  /** `shipment-created`: the title in kebab case. */
  readonly name: string;
  readonly title: string;
  readonly version: number;
  /** Seen from this system. */
  readonly direction: 'received' | 'sent';
  readonly channels: readonly Channel[];
  readonly summary: string;
  /** Sentences about rules that a schema cannot express. */
  readonly notes: readonly string[];
  /** Data beside the payload: source and detail-type on the bus, message attributes on a topic. */
  readonly headers?: JsonSchema;
  /** Schema of the event's detail, or of the message's JSON. */
  readonly payload: JsonSchema;
  readonly examples: readonly Example[];
}

interface Example {
  readonly name: string;
  readonly summary: string;
  readonly payload: unknown;
}

type EventRoute = { readonly source: string; readonly detailType: string };

const kebabCase = (title: string) => title.toLowerCase().replace(/[^a-z0-9]+/g, '-');

const routeHeaders = ({ source, detailType }: EventRoute): JsonSchema => ({
  type: 'object',
  properties: { source: { const: source }, 'detail-type': { const: detailType } },
  required: ['source', 'detail-type'],
});

const received = SAMPLED_CONTRACTS.map(({ contract, samples }): Published => {
  const { detailType, version, summary, open, limits } = contract;
  return {
    name: kebabCase(detailType),
    title: detailType,
    version,
    direction: 'received',
    channels: ['bus'],
    summary,
    notes: [
      open ? 'Further fields are passed on.' : 'Further fields are tolerated, and ignored.',
      'An optional field that is null is absent.',
      'Numbers are read as doubles: one that a double cannot hold, like 340123450000000016, becomes another without a word, so send it as a string.',
      'A key is in an object once: of equal keys only the last is read.',
      ...(limits.length > 0 ? [`Refused as well: ${limits.join('; ')}.`] : []),
    ],
    headers: routeHeaders(contract),
    payload: detailSchemaOf(contract),
    examples: Object.entries(samples).map(([name, { summary, detail }]) => ({ name, summary, payload: detail })),
  };
});

function sent({ title, version, summary, channels, as, attributes, schema }: SentMessage): Published {
  // Tests hold us to exactly these fields. Readers must ignore unknown ones, so that we can add fields.
  const { additionalProperties, ...payload } = jsonSchemaOf(schema);
  return {
    name: kebabCase(title),
    title,
    version,
    direction: 'sent',
    channels,
    summary,
    notes: ['Ignore fields you do not know: more may come.'],
    ...(as && { headers: routeHeaders(as) }),
    ...(attributes && { headers: jsonSchemaOf(attributes) }),
    payload,
    examples: [],
  };
}

export const PUBLISHED: readonly Published[] = [...received, ...SENT.map(sent)];

for (const { name } of PUBLISHED) {
  const namesakes = PUBLISHED.filter((other) => other.name === name);
  if (namesakes.length > 1) throw new UserError(`two contracts are named ${name}: give one another detail-type`);
}

/** Names of the events that each function handles. */
export const TAKEN_BY = EVENT_FUNCTION_KEYS.map(
  (key) => [key, CONTRACTS[key].map(({ detailType }) => kebabCase(detailType))] as const,
);

/** Name of files and messages: `shipment-created.v1`. */
export const versionedName = ({ name, version }: Published) => `${name}.v${version}`;
