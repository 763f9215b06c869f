import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { isSigned } from './signature';

/** The Host header of a request, or all of them: `headers` has only the first. */
export const hostOf = ({ headersDistinct }: IncomingMessage) => headersDistinct['host']?.join();

/** True for a request from a web page: only browsers send these headers. */
const isFromWebPage = (headers: IncomingHttpHeaders) =>
  Object.keys(headers).some((name) => name === 'origin' || name.startsWith('sec-fetch-'));

/**
 * The reason to deny a request; undefined if it is addressed to this listener, does not come from a web page and is signed with this
 * process's access key.
 * @param host `name:port` of the listener, as its clients address it
 */
export function denialOf(request: IncomingMessage, body: Buffer, host: string): string | undefined {
  const { method, url, headers } = request;
  const addressed = hostOf(request);
  if (addressed !== host) return `the Host header must be ${host}, not ${addressed}`;
  if (isFromWebPage(headers)) return 'no web page may call this';
  return isSigned({ method, url, headers, body })
    ? undefined
    : 'the call is not signed with the access key of this start';
}

export function deny(answer: ServerResponse, message: string): void {
  answer
    .writeHead(403, { 'content-type': 'application/json', connection: 'close' })
    .end(JSON.stringify({ __type: 'AccessDenied', message }));
}
