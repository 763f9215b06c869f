/** Carrier platforms, as they call the embedded AWS. */
import { createHmac, type Hmac, randomBytes } from 'node:crypto';
import { PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { CARRIER_NAMES, type CarrierName } from '../contracts/carriers';
import { inEnvironment, NAMES } from '../contracts/names';
import { type Answered, ask } from './ask';

/** The secret of every platform, of this start. */
const SECRET = randomBytes(16).toString('hex');

/** Sets the secrets as an operator does. */
export async function setCarriers(ssm: SSMClient, environment: string): Promise<void> {
  const each = { secrets: [SECRET], time_zone: 'Europe/Berlin' };
  await ssm.send(
    new PutParameterCommand({
      Name: inEnvironment(NAMES.carriersParameter, environment),
      Type: 'SecureString',
      Value: JSON.stringify(Object.fromEntries(CARRIER_NAMES.map((name) => [name, each]))),
      Overwrite: true,
    }),
  );
}

/** The path at which the embedded AWS takes the calls of a function URL: `https://<id>.lambda-url.…` is no name that this machine finds. */
export function localAddress(functionUrl: string, endpoint: string): string {
  const [id] = new URL(functionUrl).hostname.split('.');
  return `${endpoint}/_aws/lambda-url/${id}`;
}

/** The headers by which each platform signs, as its documentation has them (docs/carriers.md). */
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

/** A platform's headers for a body. */
export const signedBy = (platform: CarrierName, body: string | Uint8Array, secret = SECRET, now = Date.now()) => ({
  'content-type': 'application/json',
  ...SIGNATURES[platform](body, secret, now),
});

/** Posts a webhook. */
export const postWebhook = (
  address: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  method = 'POST',
): Promise<Answered> => ask(address, { method, headers }, body);
