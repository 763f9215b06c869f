/** Schemas for the documented fields of webhook payloads. */
import * as v from 'valibot';
import { token } from '../contracts/fields';
import { UnreadableWebhook } from './carrier';

/** Parses a value. @throws UnreadableWebhook with the path of the first invalid field */
export function read<T extends v.GenericSchema>(schema: T, value: unknown, path = ''): v.InferOutput<T> {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const field = [path, v.getDotPath(issue)].filter(Boolean).join('.');
  throw new UnreadableWebhook(field || 'payload', issue.input === undefined ? 'is missing' : issue.message);
}

/** An object; other fields are ignored. */
export const object = <T extends v.ObjectEntries>(entries: T) => v.object(entries, 'must be a JSON object');

/** A list, or null when it is empty. Its elements are parsed one by one, so that an unreadable one does not affect the others. */
export const list = v.nullable(v.array(v.unknown(), 'must be a list'), []);

export const text = v.string('must be a string');

/** An optional field: an invalid value counts as absent. */
export const ifReadable = <T extends v.GenericSchema>(schema: T) => v.fallback(v.optional(schema), undefined);

export const optionalText = ifReadable(v.string());

/** The tracking number, which becomes the `shipment_id`. Carriers print it in groups, so spaces are removed. */
export const trackingNumber = v.pipe(
  text,
  v.transform((value) => value.replace(/\s+/g, '')),
  token,
);

/** A place in EasyPost's and Shippo's payloads. */
export const place = ifReadable(v.object({ city: optionalText, state: optionalText, country: optionalText }));

type Place = v.InferOutput<typeof place>;

/** The known ones of city, state and country. */
export const nameOf = (location: Place): string =>
  [location?.city, location?.state, location?.country].filter(Boolean).join(', ');
