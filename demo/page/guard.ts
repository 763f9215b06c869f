import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { hostOf } from '../../local/guard';

/** Refuses a request to the page's server, with an HTTP status. */
export class Refusal extends Error {
  constructor(
    readonly status: 400 | 403 | 404 | 409 | 422,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Refuses a request unless it comes from this server's own page, and one for data also unless it has the key from the page's address. A foreign
 * site whose name resolves to 127.0.0.1 sends that name as Host. For a page of another origin or port, the browser sends Origin and
 * Sec-Fetch-Site. Another user of this machine does not know the key.
 * @param key required key; undefined for the page's files
 * @throws Refusal
 */
export function guard(request: IncomingMessage, port: number, key: string | undefined): void {
  const { headers } = request;
  const host = hostOf(request) ?? '';
  const { origin = `http://${host}`, 'sec-fetch-site': site = 'none' } = headers;
  const ownHosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!ownHosts.includes(host)) throw new Refusal(403, `this server answers at http://${ownHosts[0]} only`);
  if (origin !== `http://${host}` || !['none', 'same-origin'].includes(String(site)))
    throw new Refusal(403, 'only the page of this server may send requests');
  if (key !== undefined && !isEqual(headers['x-page-key'], key))
    throw new Refusal(403, 'the key is missing or wrong: open the address that `npm start` printed');
}

function isEqual(given: unknown, key: string): boolean {
  const [actual, expected] = [Buffer.from(String(given)), Buffer.from(key)];
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

/** @throws Refusal when the body is not JSON */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  try {
    return await json(request);
  } catch {
    throw new Refusal(400, 'the body must be JSON');
  }
}
