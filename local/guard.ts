import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { isSigned } from './signature';

/** What a request names as its Host: all of several, of which `headers` has the first alone. */
export const hostOf = ({ headersDistinct }: IncomingMessage) => headersDistinct['host']?.join();

/** True of a request that a web page made: browsers say so, and no client of AWS does. */
const isOfPage = (headers: IncomingHttpHeaders) =>
  Object.keys(headers).some((name) => name === 'origin' || name.startsWith('sec-fetch-'));

/**
 * The reason why a listener in AWS's place must do nothing with a request; undefined for one that is addressed to it, comes from no
 * web page and is signed with the access key of this start.
 * @param host `name:port` of the listener, as its clients address it
 */
export function denialOf(request: IncomingMessage, body: Buffer, host: string): string | undefined {
  const { method, url, headers } = request;
  const named = hostOf(request);
  if (named !== host) return `this is ${host}, not ${named}`;
  if (isOfPage(headers)) return 'no web page may call this';
  return isSigned({ method, url, headers, body })
    ? undefined
    : 'the call is not signed with the access key of this start';
}

/** Answers a request that is denied. */
export function deny(answer: ServerResponse, message: string): void {
  answer
    .writeHead(403, { 'content-type': 'application/json', connection: 'close' })
    .end(JSON.stringify({ __type: 'AccessDenied', message }));
}
