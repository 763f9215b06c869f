/** Validates option values. Each error says what is accepted. */
import { InvalidArgumentError } from 'commander';
import * as v from 'valibot';
import { token } from '../../contracts/fields';
import { ENVIRONMENT_SUFFIX } from '../../contracts/names';
import { parseInstant } from '../../contracts/rfc3339';

export function environmentSuffix(text: string): string {
  if (new RegExp(ENVIRONMENT_SUFFIX.pattern).test(text)) return text;
  throw new InvalidArgumentError(`give ${ENVIRONMENT_SUFFIX.words}.`);
}

export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('it must be a positive integer.');
  return value;
}

/** Text that will be stored. Node.js decodes the command line as UTF-8 and puts U+FFFD where it is not. */
export function utf8(text: string): string {
  if (!text.includes('\uFFFD')) return text;
  throw new InvalidArgumentError('it is not UTF-8, or has U+FFFD.');
}

export function notBlank(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('say why.');
  return utf8(text);
}

export function failureGroup(text: string): string {
  if (/^[\da-f]{12}$/.test(text)) return text;
  throw new InvalidArgumentError('give a group as `errors --group` shows it: 12 hexadecimal digits.');
}

export function shipmentId(text: string): string {
  const parsed = v.safeParse(token, text);
  if (parsed.success) return text;
  throw new InvalidArgumentError(`it ${parsed.issues[0].message}.`);
}

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Milliseconds of a span like `30m`, `12h`, `3d` or `2w`. */
export function duration(text: string): number {
  const [, amount, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined)
    throw new InvalidArgumentError('give a span like 30m, 12h, 3d or 2w.');
  return Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

/** A moment in epoch milliseconds, given the current time. */
export type Moment = (now: number) => number;

/** RFC 3339, or a span before now. */
export function momentOrSpanAgo(text: string): Moment {
  const moment = parseInstant(text);
  if (moment !== undefined) return () => moment;
  try {
    const span = duration(text);
    return (now) => now - span;
  } catch {
    throw new InvalidArgumentError('give a span like 24h or 3d, or a time like 2026-03-01T00:00:00Z.');
  }
}
