import { readFileSync } from 'node:fs';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { CARRIER_NAMES, type CarrierName } from '../../../contracts/carriers';
import { signedBy } from '../../../local/carriers';

/** The secret of every platform in tests. */
export const SECRET = 'the-secret-of-a-platform';

/** Value of the parameter with the platforms' secrets. */
export const SETTINGS = JSON.stringify(
  Object.fromEntries(CARRIER_NAMES.map((name) => [name, { secrets: [SECRET], time_zone: 'Europe/Berlin' }])),
);

export const sampleBody = (platform: CarrierName) => readFileSync(`demo/webhooks/${platform}.json`, 'utf8');

/** A call of a function URL as the function gets it (payload format 2.0). */
export const aCall = (rawPath: string, body: string, headers: Readonly<Record<string, string>> = {}, method = 'POST') =>
  ({
    version: '2.0',
    rawPath,
    rawQueryString: '',
    headers: { host: 'id.lambda-url.us-east-1.on.aws', ...headers },
    requestContext: { http: { method, path: rawPath } },
    isBase64Encoded: false,
    body,
  }) as unknown as LambdaFunctionURLEvent;

/** A webhook as the platform sends it. */
export const aWebhook = (platform: CarrierName, body = sampleBody(platform), secret = SECRET) =>
  aCall(`/${platform}`, body, signedBy(platform, body, secret));
