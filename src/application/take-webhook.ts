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
  /** IANA name of the zone of times that come without one. */
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
  /** Settings that were read no longer ago than so many milliseconds; undefined when nothing is set for the platform. */
  settingsOf(platform: CarrierName, maxAge: number): Promise<PlatformSettings | undefined>;
  /** @throws when the bus did not take all */
  publish(events: readonly CarrierEvent['detail'][]): Promise<void>;
  /** @throws when the bus did not take all */
  report(problems: readonly ScanProblem[]): Promise<void>;
  /** Epoch milliseconds. */
  now(): number;
  readonly observer: Observer;
}

export interface Answer {
  readonly status: 200 | 400 | 401 | 413;
  readonly message: string;
}

/** The history of a shipment with a few hundred scans is some 100 KB. Lambda takes 6 MB, which each secret would be tried on, twice. */
const MAX_BODY_BYTES = 256 * 1_024;

/** Each is a notification to operators, who need no more to see what is new. */
const MAX_REPORTS = 10;

/** Milliseconds. A secret that was taken away counts that long. */
const SETTINGS_AGE = 300_000;

/** A secret may be new: they are read again, but strangers cannot have that done more often. */
const DOUBTED_SETTINGS_AGE = 60_000;

/**
 * Takes one call of a carrier platform. A platform repeats its history in each webhook, and a webhook that it got no answer for: the events
 * have identities of their own, so what was published before is a duplicate.
 * @throws when its events may not all be on the bus, or the settings cannot be read: the platform then calls again
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
    // The parser's message quotes the body.
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

/** The first scan with each problem: a wrong format is in every scan of the history. */
function firstOfEach(all: CarrierEvents['unreadable']): CarrierEvents['unreadable'] {
  const seen = new Set<string>();
  return all.filter(({ problem }) => seen.size < seen.add(problem).size);
}

/** @returns the settings by which the request is the platform's, or the reason why it is not */
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
