/** Carrier platforms as callers of the embedded AWS. */
import { createHmac, type Hmac, randomBytes } from 'node:crypto';
import { PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { CARRIER_NAMES, type CarrierName } from '../contracts/carriers';
import { inEnvironment, NAMES } from '../contracts/names';
import { ask, type HttpAnswer } from './ask';

/** The secret of every platform; each start draws a new one. */
const SECRET = randomBytes(16).toString('hex');

/** Stores the platforms' secrets in Parameter Store, as an operator does. */
export async function setCarriers(ssm: SSMClient, environment: string): Promise<void> {
  const settings = { secrets: [SECRET], time_zone: 'Europe/Berlin' };
  await ssm.send(
    new PutParameterCommand({
      Name: inEnvironment(NAMES.carriersParameter, environment),
      Type: 'SecureString',
      Value: JSON.stringify(Object.fromEntries(CARRIER_NAMES.map((name) => [name, settings]))),
      Overwrite: true,
    }),
  );
}

/** The local address of a function URL, whose name `<id>.lambda-url.…` does not resolve on this machine. */
export function localAddress(functionUrl: string, endpoint: string): string {
  const [id] = new URL(functionUrl).hostname.split('.');
  return `${endpoint}/_aws/lambda-url/${id}`;
}

/** Signature headers of each platform, by its documentation (docs/carriers.md). */
const SIGNATURES: Readonly<
  Record<CarrierName, (body: string | Uint8Array, secret: string, now: number) => Record<string, string>>
> = {
  easypost: (body, secret) => ({ 'x-hmac-signature': `hmac-sha256-hex=${hmac(secret, body).toString('hex')}` }),
  shippo(body, secret, now) {
    const seconds = Math.floor(now / 1_000);
    return { 'shippo-auth-signature': `t=${seconds},v1=${hmac(secret, `${seconds}.`, body).toString('hex')}` };
  },
  aftership: (body, secret) => ({ 'aftership-hmac-sha256': hmac(secret, body).toString('base64') }),
};

const hmac = (secret: string, ...parts: readonly (string | Uint8Array)[]) =>
  parts.reduce<Hmac>((sum, part) => sum.update(part), createHmac('sha256', secret)).digest();

/** Headers with which a platform sends a body. */
export const signedBy = (platform: CarrierName, body: string | Uint8Array, secret = SECRET, now = Date.now()) => ({
  'content-type': 'application/json',
  ...SIGNATURES[platform](body, secret, now),
});

export const postWebhook = (
  address: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  method = 'POST',
): Promise<HttpAnswer> => ask(address, { method, headers }, body);
