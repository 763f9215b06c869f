/** Signatures of webhooks: HMAC-SHA256 by a secret that the platform and its customer share. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Verdict, WebhookRequest } from './carrier';

/** How far a signed timestamp may be from our clock. A repeated webhook is harmless, since its events are duplicates. */
const TOLERANCE_MINUTES = 5;

export interface Signed {
  /** What the platform signed, in its order. */
  readonly parts: readonly (string | Uint8Array)[];
  readonly signature: Uint8Array;
  /** A timestamp among the parts, in epoch milliseconds; undefined when the platform signs none. */
  readonly time?: number;
}

/** A header that is sent once; undefined when there is none, or several. */
export function headerOf({ headers }: WebhookRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

export const invalid = (reason: string): Verdict => ({ valid: false, reason });

/** Checks a signature by each secret, however many match before. An empty secret is none: by it, anyone could sign. */
export function verdictOn({ parts, signature, time }: Signed, secrets: readonly string[], now: number): Verdict {
  let isSigned = false;
  for (const secret of secrets.filter((each) => each !== '')) {
    const hmac = createHmac('sha256', secret);
    for (const part of parts) hmac.update(part);
    const expected = hmac.digest();
    if (signature.byteLength === expected.byteLength && timingSafeEqual(signature, expected)) isSigned = true;
  }
  if (!isSigned) return invalid('the signature is of no secret that is configured');
  // Negated, so that a time which is not a number is refused.
  if (time !== undefined && !(Math.abs(now - time) <= TOLERANCE_MINUTES * 60_000))
    return invalid(`the signed timestamp is more than ${TOLERANCE_MINUTES} minutes from this clock`);
  return { valid: true };
}
