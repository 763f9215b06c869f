/** Requests to the embedded AWS. Not by fetch, which Node may send to a proxy, and which calls itself a web page's (`sec-fetch-mode`). */
import { type RequestOptions, request } from 'node:http';
import { signedGet } from './signature';

export interface Answered {
  readonly status: number;
  readonly body: string;
}

export function ask(address: string | URL, options: RequestOptions, body: Buffer | string = ''): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const asked = request(address, { ...options, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => (text += part));
      answer.once('error', reject);
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, body: text }));
    });
    asked.once('error', reject);
    asked.end(body);
  });
}

/**
 * Gets something from the embedded AWS's own window, `/_ministack/…`.
 * @returns the body
 * @throws Error when there is no answer, or another one than 200
 */
export async function getSigned(address: string): Promise<string> {
  const url = new URL(address);
  const { status, body } = await ask(url, { headers: signedGet(url) });
  if (status !== 200) throw new Error(`${address} answered ${status}: ${body}`);
  return body;
}
