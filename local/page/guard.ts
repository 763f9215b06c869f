import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal';

/** More than a person types into the form; the bus itself takes less than 1 MB. */
const MAX_BODY_BYTES = 300_000;

/**
 * Lets only pages of this very server in. A foreign site that has its own name resolve to 127.0.0.1 sends that name as Host; one that
 * posts a form has another Origin, and cannot say that it sends JSON.
 * @throws Refusal
 */
export function guard(request: IncomingMessage, port: number): void {
  const { host = '', origin } = request.headers;
  const own = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!own.includes(host)) throw new Refusal(403, `this server answers at http://${own[0]} only`);
  if (request.method !== 'POST') return;
  if (origin !== undefined && origin !== `http://${host}`)
    throw new Refusal(403, 'only this page itself may post here');
  if (!/^application\/json *(;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new Refusal(415, 'content-type must be application/json');
  }
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
