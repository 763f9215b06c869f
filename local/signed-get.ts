import { get } from 'node:http';
import { signedGet } from './signature';

/**
 * Gets something from the embedded AWS's own window, `/_ministack/…`. Not by fetch, which Node may send to a proxy.
 * @returns the body
 * @throws Error when there is no answer, or another one than 200
 */
export function getSigned(address: string): Promise<string> {
  const url = new URL(address);
  return new Promise((resolve, reject) => {
    const asked = get(url, { agent: false, headers: signedGet(url) }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (text) => (body += text));
      answer.once('error', reject);
      answer.once('end', () =>
        answer.statusCode === 200
          ? resolve(body)
          : reject(new Error(`${address} answered ${answer.statusCode}: ${body}`)),
      );
    });
    asked.once('error', reject);
  });
}
