import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { hostOf } from '../../local/guard';
import { Refusal } from './refusal';

/** More than a person types into the form; the bus itself takes less than 1 MB. */
const MAX_BODY_BYTES = 300_000;

/**
 * Lets in only what this very server's page asks for, and its data only with the key that is in the page's address. A foreign site that
 * has its own name resolve to 127.0.0.1 sends that name as Host; a page of another origin, or of another port here, is named by the browser;
 * another user of this machine does not know the key.
 * @param key what a request for data must carry; undefined for the page's own files
 * @throws Refusal
 */
export function guard(request: IncomingMessage, port: number, key: string | undefined): void {
  const { method, headers } = request;
  const host = hostOf(request) ?? '';
  const { origin = `http://${host}`, 'sec-fetch-site': site = 'none' } = headers;
  const own = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!own.includes(host)) throw new Refusal(403, `this server answers at http://${own[0]} only`);
  if (origin !== `http://${host}` || !['none', 'same-origin'].includes(String(site)))
    throw new Refusal(403, 'only this page itself may ask');
  if (key !== undefined && !isEqual(headers['x-page-key'], key))
    throw new Refusal(403, 'the key is missing or wrong: open the address that `npm start` printed');
  if (method === 'POST' && !/^application\/json *(;|$)/i.test(headers['content-type'] ?? '')) {
    throw new Refusal(415, 'content-type must be application/json');
  }
}

function isEqual(given: unknown, key: string): boolean {
  const [one, other] = [Buffer.from(String(given)), Buffer.from(key)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** @throws Refusal when the body is too large or is not JSON in UTF-8 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > MAX_BODY_BYTES) throw new Refusal(413, `the body must be at most ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk as Buffer);
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch {
    throw new Refusal(400, 'the body must be JSON in UTF-8');
  }
}
