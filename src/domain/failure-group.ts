import { MAX_MESSAGE_CHARACTERS } from './failures';
import { beginningOf } from './json';
import { sha256 } from './shipment-event';

/** Fields of an error row that show the cause of a failure. */
export interface FailedEvent {
  /** With the environment's suffix; absent for error events of producers. */
  readonly function_name?: string;
  readonly error_type?: string;
  readonly error_message?: string;
  readonly shipment_id?: string;
  readonly event_id?: string;
}

/** Failures of one function, type and message shape, which count as one cause. */
export interface FailureGroup {
  /** 12 hexadecimal digits; the same for the same cause at any time. */
  readonly group: string;
  /** The message without the parts that differ from event to event. */
  readonly shape: string;
}

/** The rest of a long message rarely differs by cause. */
const SHAPE_CHARACTERS = 200;

/** Quoted texts in messages of ours, of AWS and of JavaScript. An apostrophe within a word is not a quote. */
const QUOTED = /"(?:[^"\\]|\\.)*"|`[^`]*`|(?<!\w)'[^']*'(?!\w)/g;

/** A run of characters that ids, numbers, times and ARNs consist of. With a digit in it, it counts as one of them. */
const RUN = /[\w@+:.-]+/g;

export function failureGroupOf(failed: FailedEvent): FailureGroup {
  const { function_name = '', error_type = '' } = failed;
  const shape = messageShape(failed);
  return { group: sha256(JSON.stringify([function_name, error_type, shape])).slice(0, 12), shape };
}

function messageShape({ error_message = '', shipment_id, event_id }: FailedEvent): string {
  const ids: ReadonlySet<string | undefined> = new Set([shipment_id, event_id]);
  const shape = beginningOf(error_message, MAX_MESSAGE_CHARACTERS)
    .replace(QUOTED, '"…"')
    .replace(RUN, (run) => {
      const [, word = run, punctuation = ''] = /^(.*?)([.:]*)$/.exec(run) ?? [];
      return ids.has(word) || /\d/.test(word) ? `…${punctuation}` : run;
    });
  return beginningOf(shape, SHAPE_CHARACTERS);
}
