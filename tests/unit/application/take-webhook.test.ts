import { type Carrier, type CarrierEvents, UnreadableWebhook } from '../../../carriers/carrier';
import { type PlatformSettings, type ScanProblem, takeWebhook } from '../../../src/application/take-webhook';

const NOW = Date.UTC(2026, 2, 2, 9);

const EVENT = {
  detailType: 'Shipment Status Updated',
  detail: {
    shipment_id: 'TRK-1',
    status: 'delivered',
    event_id: 'e-1',
    occurred_at: '2026-03-02T08:00:00Z',
    metadata: {},
  },
} as const;

const NOTHING: CarrierEvents = { events: [], unknownStatuses: [], unreadable: [] };

/** A platform whose signature is the secret itself, and whose payload is the result of `toEvents`. */
const CARRIER: Carrier = {
  verify: ({ headers }, secrets) =>
    secrets.includes(String(headers['signature']))
      ? { valid: true }
      : { valid: false, reason: 'the signature is wrong' },
  toEvents(payload, { timeZone }) {
    if (timeZone === 'broken') throw new RangeError('no such zone');
    if (payload === null) throw new UnreadableWebhook('msg.tag', 'is missing');
    return { ...NOTHING, ...(payload as object) };
  },
};

interface World {
  /** The settings of each read; further reads return the last. */
  readonly settings?: readonly (PlatformSettings | undefined)[];
  readonly publish?: () => Promise<void>;
  readonly report?: () => Promise<void>;
}

const SETTINGS = { secrets: ['s-1'], timeZone: 'Europe/Berlin' };

async function take(body: string | Buffer, { settings = [SETTINGS], publish, report }: World = {}, signature = 's-1') {
  const counts: Record<string, number> = {};
  const lines: { message: string; fields: object }[] = [];
  const published: unknown[] = [];
  const reported: ScanProblem[] = [];
  const ages: number[] = [];
  const log = (message: string, fields: object) => void lines.push({ message, fields });
  const answer = await takeWebhook(
    'aftership',
    CARRIER,
    { headers: { signature }, body: Buffer.from(body) },
    {
      now: () => NOW,
      async settingsOf(_platform, maxAge) {
        ages.push(maxAge);
        return settings[Math.min(ages.length, settings.length) - 1];
      },
      publish: async (events) => {
        await publish?.();
        published.push(...events);
      },
      report: async (problems) => {
        await report?.();
        reported.push(...problems);
      },
      observer: {
        count(metric) {
          counts[metric] = (counts[metric] ?? 0) + 1;
        },
        info: log,
        warn: log,
      },
    },
  ).catch((error: unknown) => ({ thrown: error }));
  return { answer, counts, lines, published, reported, ages };
}

const webhook = (events: Partial<CarrierEvents>) => JSON.stringify(events);

const TOO_LARGE = `"${'x'.repeat(256 * 1_024)}"`;

describe('a webhook', () => {
  it('gets a 200 when its events are on the bus', async () => {
    const { answer, published, counts, lines } = await take(webhook({ events: [EVENT, EVENT] }));

    expect(answer).toEqual({ status: 200, message: '2 events' });
    expect(published).toEqual([EVENT.detail, EVENT.detail]);
    expect(counts).toEqual({ webhooks: 1 });
    expect(lines).toEqual([
      {
        message: 'the events of the webhook are on the bus',
        fields: { answer: 200, events: 2, unknown: 0, unreadable: 0 },
      },
    ]);
  });

  it.each(['publish', 'report'] as const)('gets no response when the bus refuses what it has to %s', async (port) => {
    const refused = new Error('throttled');
    const { answer } = await take(webhook({ events: [EVENT] }), { [port]: () => Promise.reject(refused) });

    expect(answer).toEqual({ thrown: refused });
  });

  it('reports each unknown status word and each unreadable scan, and publishes the other scans', async () => {
    const { answer, published, reported, counts } = await take(
      webhook({
        events: [EVENT],
        unknownStatuses: [{ word: 'teleported', trackingNumber: 'TRK-1', field: 'msg.tag' }],
        unreadable: [{ trackingNumber: 'TRK-2', field: 'msg.checkpoints[0].time', problem: 'is no time' }],
      }),
    );

    expect(answer).toMatchObject({ status: 200 });
    expect(published).toHaveLength(1);
    expect(reported).toEqual([
      {
        error_type: 'unknown_status_word',
        error_message: 'aftership: msg.tag is "teleported", which is not in the table of its status words',
        platform: 'aftership',
        shipment_id: 'TRK-1',
      },
      {
        error_type: 'unreadable_scan',
        error_message: 'aftership: msg.checkpoints[0].time is no time',
        platform: 'aftership',
        shipment_id: 'TRK-2',
      },
    ]);
    expect(counts).toEqual({ webhooks: 1, unknownWords: 1 });
  });

  it('reports a problem of many scans once, and at most ten problems', async () => {
    const unreadable = (field: string, problem: string) => ({ trackingNumber: 'TRK-1', field, problem });
    const repeated = await take(
      webhook({ unreadable: [unreadable('c', 'is no time'), unreadable('d', 'is no time')] }),
    );
    const many = Array.from({ length: 11 }, (_, index) => unreadable('c', `has problem ${index}`));

    expect(repeated.reported.map(({ error_message }) => error_message)).toEqual(['aftership: c is no time']);
    expect((await take(webhook({ unreadable: many }))).reported).toHaveLength(10);
  });
});

describe('a webhook is refused', () => {
  it.each([
    ['with 401 before it is parsed', '{"secret": "PII', 'forged', 401, 'the signature is wrong'],
    ['with 413 when it is too large', TOO_LARGE, 's-1', 413, 'the body has more than 262144 bytes'],
    ['with 400 when it is not JSON', '{"secret": "PII', 's-1', 400, 'the body is not JSON'],
    ['with 400 when it is not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 's-1', 400, 'the body is not JSON'],
    ['with 400 when a field cannot be read', 'null', 's-1', 400, 'msg.tag is missing'],
  ] as const)('%s', async (_, body, signature, status, message) => {
    const { answer, counts, lines, published } = await take(body, {}, signature);

    expect(answer).toEqual({ status, message });
    expect(counts).toEqual({ webhooks: 1, webhooksRefused: 1 });
    expect(lines).toEqual([{ message: `the webhook is refused: ${message}`, fields: { answer: status } }]);
    expect(published).toEqual([]);
  });

  it('with 401 when its platform has no settings', async () => {
    const { answer, counts } = await take('{}', { settings: [undefined] });

    expect(answer).toEqual({ status: 401, message: 'no secret is set for aftership' });
    expect(counts).toMatchObject({ webhooksRefused: 1 });
  });
});

describe('the secrets', () => {
  it('are read again for a wrong signature, when they are older than a minute', async () => {
    const rotated = { ...SETTINGS, secrets: ['s-1', 's-2'] };
    const { answer, ages } = await take('{}', { settings: [SETTINGS, rotated] }, 's-2');

    expect(answer).toMatchObject({ status: 200 });
    expect(ages).toEqual([300_000, 60_000]);
  });

  it('are read once for a valid signature', async () => {
    expect((await take('{}')).ages).toEqual([300_000]);
  });
});

it('rethrows an unexpected error of the platform’s adapter', async () => {
  const { answer } = await take('{}', { settings: [{ ...SETTINGS, timeZone: 'broken' }] });

  expect(answer).toEqual({ thrown: new RangeError('no such zone') });
});
