import { createHash } from 'node:crypto';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Context, LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda';
import { CARRIERS } from '../../carriers/carriers';
import { CARRIER_NAMES } from '../../contracts/carriers';
import { contract as processingError } from '../../contracts/events/notification-handler/processing-error';
import { contract as statusUpdated } from '../../contracts/events/status-updater/shipment-status-updated';
import { ENTRIES_A_CALL } from '../../contracts/put-events';
import { carrierSettings } from '../adapters/carrier-settings';
import { type EventKind, putEntries } from '../adapters/put-entries';
import { takeWebhook } from '../application/take-webhook';
import { CLIENT_SETTINGS, eventBridge } from '../runtime/aws-clients';
import { readEnvironment } from '../runtime/environment';
import { beforeDeadline } from '../runtime/invocation';
import { telemetry } from '../runtime/telemetry';

const KEY = 'carrier-webhook';
const env = readEnvironment(KEY);
const log = telemetry(KEY, env.ENVIRONMENT);
const settings = carrierSettings(new SSMClient(CLIENT_SETTINGS), env.CARRIERS_PARAMETER, Date.now);

/**
 * Puts the events of a carrier's webhook on the bus: `POST /<platform>` at the function's URL. Responds with 2xx only when all events are on
 * the bus. When it throws, Lambda responds with 502, so that the platform calls again.
 */
export async function handler(call: LambdaFunctionURLEvent, context: Context): Promise<LambdaFunctionURLResult> {
  const { method } = call.requestContext.http;
  const platform = CARRIER_NAMES.find((name) => call.rawPath === `/${name}`);
  if (!platform || method !== 'POST') {
    const [status, message] = platform
      ? [405, 'only POST']
      : [404, `no such path: ${CARRIER_NAMES.map((name) => `/${name}`).join(', ')}`];
    log.begin(context, { time: 0 });
    log.info('the call is no webhook', { answer: status });
    return answerOf(status, message);
  }
  const body = Buffer.from(call.body ?? '', call.isBase64Encoded ? 'base64' : 'utf8');
  log.begin(context, { time: 0 }, { platform, body_sha256: createHash('sha256').update(body).digest('hex') });
  try {
    const answer = await beforeDeadline(context, ({ signal, now }) =>
      takeWebhook(
        platform,
        CARRIERS[platform],
        { headers: call.headers, body },
        {
          now,
          observer: log,
          settingsOf: (carrier, maxAge) => settings.of(carrier, maxAge, signal),
          publish: (details) => put(statusUpdated, details, signal),
          report: (problems) => put(processingError, problems, signal),
        },
      ),
    );
    return answerOf(answer.status, answer.message);
  } catch (error) {
    log.count('failed');
    log.error('the webhook was not taken', error);
    throw error;
  } finally {
    log.end(undefined);
  }
}

const answerOf = (statusCode: number, message: string): LambdaFunctionURLResult => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message }),
});

async function put(kind: EventKind, details: readonly object[], signal: AbortSignal): Promise<void> {
  for (let at = 0; at < details.length; at += ENTRIES_A_CALL)
    await putEntries(eventBridge(), env.EVENT_BUS_NAME, kind, details.slice(at, at + ENTRIES_A_CALL), signal);
}
