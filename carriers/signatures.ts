/** Webhook signatures: HMAC-SHA256 with a secret that the platform and its customer share. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Verdict, WebhookRequest } from './carrier';

/** Greatest difference of a signed timestamp from our clock. A replayed webhook has no effect, since its events are duplicates. */
const TOLERANCE_MINUTES = 5;

export interface Signed {
  /** The signed content, in order. */
  readonly parts: readonly (string | Uint8Array)[];
  readonly signature: Uint8Array;
  /** The signed timestamp in epoch milliseconds; undefined when the platform signs none. */
  readonly time?: number;
}

/** Value of a header; undefined when it is missing or repeated. */
export function headerOf({ headers }: WebhookRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

export const invalid = (reason: string): Verdict => ({ valid: false, reason });

/** Compares a signature with every secret's, even after a match. Empty secrets are ignored: anyone could sign with one. */
export function verdictOn({ parts, signature, time }: Signed, secrets: readonly string[], now: number): Verdict {
  let isSigned = false;
  for (const secret of secrets.filter(Boolean)) {
    const hmac = createHmac('sha256', secret);
    for (const part of parts) hmac.update(part);
    const expected = hmac.digest();
    if (signature.byteLength === expected.byteLength && timingSafeEqual(signature, expected)) isSigned = true;
  }
  if (!isSigned) return invalid('the signature matches no configured secret');
  // Negated, so that NaN is rejected.
  if (time !== undefined && !(Math.abs(now - time) <= TOLERANCE_MINUTES * 60_000))
    return invalid(`the signed timestamp is more than ${TOLERANCE_MINUTES} minutes from this clock`);
  return { valid: true };
}
