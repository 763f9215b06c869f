import { MAX_MESSAGE_CHARACTERS } from './failures';
import { beginningOf } from './json';
import { sha256 } from './shipment-event';

/** What a row of the error table says of a failure's cause. */
export interface FailedEvent {
  /** With the environment's suffix; absent for error events of others. */
  readonly function_name?: string;
  readonly error_type?: string;
  readonly error_message?: string;
  readonly shipment_id?: string;
  readonly event_id?: string;
}

/** Failures of one function, type and message shape are taken for one cause. */
export interface FailureGroup {
  /** 12 hexadecimal digits; the same for the same cause at any time. */
  readonly group: string;
  /** The message without what differs from event to event. */
  readonly shape: string;
}

/** More of a shape says nothing of the cause. */
const SHAPE_CHARACTERS = 200;

/** Texts in quotes, as messages of ours, of AWS and of JavaScript have them. An apostrophe within a word opens none. */
const QUOTED = /"(?:[^"\\]|\\.)*"|`[^`]*`|(?<!\w)'[^']*'(?!\w)/g;

/** What may be an id, a number, a time, an ARN: a run of their characters that has a digit. */
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
