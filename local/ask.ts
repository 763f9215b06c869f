/** Requests to the embedded AWS. They do not use fetch: Node may send it through a proxy, and it marks itself as a web page's (`sec-fetch-mode`). */
import { type IncomingHttpHeaders, type RequestOptions, request } from 'node:http';
import { signedGet } from './signature';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export function ask(address: string | URL, options: RequestOptions, body: Buffer | string = ''): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(address, { agent: false, ...options }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => (text += part));
      answer.once('error', reject);
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }));
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

/**
 * Reads from MiniStack's own API, `/_ministack/…`.
 * @returns the body
 * @throws Error when the connection fails or the status is not 200
 */
export async function getSigned(address: string): Promise<string> {
  const url = new URL(address);
  const { status, body } = await ask(url, { headers: signedGet(url) });
  if (status !== 200) throw new Error(`${address} answered ${status}: ${body}`);
  return body;
}
