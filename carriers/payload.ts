/** Fields of a webhook's payload, checked by schemas that name what the platform documents. */
import * as v from 'valibot';
import { token } from '../contracts/fields';
import { UnreadableWebhook } from './carrier';

/** What a schema takes of a value. @throws UnreadableWebhook with the path of the first field that is not as documented */
export function read<T extends v.GenericSchema>(schema: T, value: unknown, path = ''): v.InferOutput<T> {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const field = [path, v.getDotPath(issue)].filter(Boolean).join('.');
  throw new UnreadableWebhook(field || 'payload', issue.input === undefined ? 'is missing' : issue.message);
}

/** An object; fields that the schema does not name are ignored. */
export const object = <T extends v.ObjectEntries>(entries: T) => v.object(entries, 'must be a JSON object');

/**
 * A list, which may be null when it is empty. Elements are read one by one, so that one which cannot be read does not keep the others from
 * being read.
 */
export const list = v.nullable(v.array(v.unknown(), 'must be a list'), []);

export const text = v.string('must be a string');

/** A field without which an event is as good: anything that the schema does not take counts as absent. */
export const ifReadable = <T extends v.GenericSchema>(schema: T) => v.fallback(v.optional(schema), undefined);

export const optionalText = ifReadable(v.string());

/** The tracking number, which becomes the `shipment_id`. Carriers print it in groups: spaces are left out. */
export const trackingNumber = v.pipe(
  text,
  v.transform((value) => value.replace(/\s+/g, '')),
  token,
);

/** A place as the platforms write it. */
export const place = ifReadable(v.object({ city: optionalText, state: optionalText, country: optionalText }));

type Place = v.InferOutput<typeof place>;

/** City, state and country, as far as they are known. */
export const nameOf = (known: Place): string =>
  [known?.city, known?.state, known?.country].filter((part) => part !== undefined && part !== '').join(', ');
