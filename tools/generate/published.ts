/** Everything that crosses this system's border, in one shape: what the documents describe and the compatibility check compares. */
import { EVENT_FUNCTION_KEYS } from '../../contracts/functions';
import { CONTRACTS, SAMPLED_CONTRACTS } from '../../contracts/generated/contracts';
import { type Channel, SENT, type SentMessage } from '../../contracts/sent';
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
  /** Sentences on what the schema cannot say. */
  readonly notes: readonly string[];
  /** Data outside the body: source and detail-type on the bus, message attributes on a topic. */
  readonly headers?: JsonSchema;
  /** Of the event's detail, or the message's JSON. */
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
  // We hold ourselves to exactly these fields; readers are to ignore fields they do not know, so that more may come.
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
  if (namesakes.length > 1) throw new Error(`two contracts are named ${name}: give one another detail-type`);
}

/** The events each function takes, by name. */
export const TAKEN_BY = EVENT_FUNCTION_KEYS.map(
  (key) => [key, CONTRACTS[key].map(({ detailType }) => kebabCase(detailType))] as const,
);

/** `shipment-created.v1`, as files and messages are called. */
export const versionedName = ({ name, version }: Published) => `${name}.v${version}`;
