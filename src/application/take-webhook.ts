import {
  type Carrier,
  type CarrierEvent,
  type CarrierEvents,
  UnreadableWebhook,
  type WebhookRequest,
} from '../../carriers/carrier';
import type { CarrierName } from '../../contracts/carriers';
import type { Observer } from './observer';

/** An operator's settings for a platform. */
export interface PlatformSettings {
  /** More than one while the platform's secret is rotated. */
  readonly secrets: readonly string[];
  /** IANA time zone of times that are sent without one. */
  readonly timeZone: string;
}

/** Detail of an error event about a scan that became no shipment event. */
export interface ScanProblem {
  readonly error_type: 'unknown_status_word' | 'unreadable_scan';
  readonly error_message: string;
  readonly platform: CarrierName;
  readonly shipment_id: string;
}

export interface WebhookPorts {
  /** The platform's settings, read at most `maxAge` milliseconds ago; undefined when it has none. */
  settingsOf(platform: CarrierName, maxAge: number): Promise<PlatformSettings | undefined>;
  /** @throws when the bus refused an event */
  publish(events: readonly CarrierEvent['detail'][]): Promise<void>;
  /** @throws when the bus refused an error event */
  report(problems: readonly ScanProblem[]): Promise<void>;
  /** Epoch milliseconds. */
  now(): number;
  readonly observer: Observer;
}

export interface Answer {
  readonly status: 200 | 400 | 401 | 413;
  readonly message: string;
}

/** The history of a shipment with a few hundred scans is about 100 KB. Lambda accepts 6 MB, and each secret would be tried on it, twice. */
const MAX_BODY_BYTES = 256 * 1_024;

/** Reports per webhook. Each notifies operators, who need no more to see what is new. */
const MAX_REPORTS = 10;

/** Milliseconds for which a removed secret is still accepted. */
const SETTINGS_AGE = 300_000;

/** Maximum age when a signature is invalid: the secret may be new. Strangers cannot trigger reads more often. */
const DOUBTED_SETTINGS_AGE = 60_000;

/**
 * Handles one webhook call of a carrier platform. A platform sends the whole history in each webhook, and repeats a webhook without a
 * response: each event has an identity of its own, so one that was published before is a duplicate.
 * @throws when an event may not be on the bus, or the settings cannot be read: the platform then calls again
 */
export async function takeWebhook(
  platform: CarrierName,
  carrier: Carrier,
  request: WebhookRequest,
  ports: WebhookPorts,
): Promise<Answer> {
  const { observer } = ports;
  observer.count('webhooks');
  const refuse = (status: Exclude<Answer['status'], 200>, message: string): Answer => {
    observer.count('webhooksRefused');
    observer.warn(`the webhook is refused: ${message}`, { answer: status });
    return { status, message };
  };

  if (request.body.byteLength > MAX_BODY_BYTES) return refuse(413, `the body has more than ${MAX_BODY_BYTES} bytes`);
  const verified = await verify(platform, carrier, request, ports);
  if ('reason' in verified) return refuse(401, verified.reason);

  let payload: unknown;
  try {
    payload = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(request.body));
  } catch {
    // The parser's own message would quote the body.
    return refuse(400, 'the body is not JSON');
  }
  let read: ReturnType<Carrier['toEvents']>;
  try {
    read = carrier.toEvents(payload, { timeZone: verified.timeZone, now: ports.now() });
  } catch (error) {
    if (error instanceof UnreadableWebhook) return refuse(400, error.message);
    throw error;
  }

  const { events, unknownStatuses, unreadable } = read;
  const problems = [
    ...unknownStatuses.map(({ word, trackingNumber, field }) => ({
      error_type: 'unknown_status_word' as const,
      error_message: `${platform}: ${field} is "${word}", which is not in the table of its status words`,
      platform,
      shipment_id: trackingNumber,
    })),
    ...firstOfEach(unreadable).map(({ trackingNumber, field, problem }) => ({
      error_type: 'unreadable_scan' as const,
      error_message: `${platform}: ${field} ${problem}`,
      platform,
      shipment_id: trackingNumber,
    })),
  ];
  await ports.publish(events.map(({ detail }) => detail));
  await ports.report(problems.slice(0, MAX_REPORTS));
  for (const _ of unknownStatuses) observer.count('unknownWords');
  observer.info('the events of the webhook are on the bus', {
    answer: 200,
    events: events.length,
    unknown: unknownStatuses.length,
    unreadable: unreadable.length,
  });
  return { status: 200, message: `${events.length} events` };
}

/** The first scan with each problem, since a wrong format is in every scan of the history. */
function firstOfEach(all: CarrierEvents['unreadable']): CarrierEvents['unreadable'] {
  const seen = new Set<string>();
  return all.filter(({ problem }) => seen.size < seen.add(problem).size);
}

/** @returns the settings with which the signature is valid, or the reason why it is not */
async function verify(
  platform: CarrierName,
  carrier: Carrier,
  request: WebhookRequest,
  { settingsOf, now }: WebhookPorts,
): Promise<PlatformSettings | { readonly reason: string }> {
  let reason = `no secret is set for ${platform}`;
  for (const maxAge of [SETTINGS_AGE, DOUBTED_SETTINGS_AGE]) {
    const settings = await settingsOf(platform, maxAge);
    if (!settings) continue;
    const verdict = carrier.verify(request, settings.secrets, now());
    if (verdict.valid) return settings;
    reason = verdict.reason;
  }
  return { reason };
}
