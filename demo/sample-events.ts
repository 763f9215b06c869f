import { readdirSync, readFileSync } from 'node:fs';
import { EVENT_FUNCTION_KEYS, type EventFunctionKey } from '../contracts/functions';
import type { EventFile } from '../local/stack';

/** A fixture of `events/`. */
export interface SampleEvent {
  readonly name: string;
  readonly event: EventFile;
  /** The function that its rule invokes; undefined when no rule matches it. */
  readonly key?: EventFunctionKey;
  /** Beginning of the error with which its function must reject it; undefined for a valid event. */
  readonly reason?: string;
}

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

const filesIn = (folder: string) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length));

/**
 * Every fixture, in the order to send: the valid ones by the time they reached the bus, then the invalid ones, which include a conflict
 * with a valid one, then the unrouted ones.
 */
export function sampleEvents(): readonly SampleEvent[] {
  const reasons: Readonly<Record<string, { readonly reason: string }>> = read('events/invalid/reasons.json');
  const valid = EVENT_FUNCTION_KEYS.flatMap((key) =>
    filesIn(`events/${key}`).map((file) => ({
      name: `${key}/${file}`,
      event: read(`events/${key}/${file}.json`),
      key,
    })),
  );
  const invalid = Object.entries(reasons).map(([name, { reason }]) => ({
    name: `invalid/${name}`,
    event: read(`events/invalid/${name}.json`),
    key: EVENT_FUNCTION_KEYS.find((key) => name.startsWith(`${key}/`)) ?? EVENT_FUNCTION_KEYS[0],
    reason,
  }));
  const unrouted = filesIn('events/unrouted').map((file) => ({
    name: `unrouted/${file}`,
    event: read(`events/unrouted/${file}.json`),
  }));
  return [...valid.sort((a, b) => a.event.time.localeCompare(b.event.time)), ...invalid, ...unrouted];
}
