/** Webhooks at the deployed function URL: a day of three carrier platforms, and the calls that are refused. */
import fc from 'fast-check';
import { CARRIER_NAMES, type CarrierName } from '../../../contracts/carriers';
import { type Status, statusRule } from '../../../contracts/statuses';
import { until } from '../../../lib/until.mjs';
import { postWebhook, signedBy } from '../../../local/carriers';
import { type Snapshot, takeSnapshot } from '../../../local/snapshot';
import type { LocalStack } from '../../../local/stack';
import { sampleBody } from '../../support/builders/webhook-calls';
import { PLATFORMS } from '../../support/builders/webhooks';
import { updateStack } from '../../support/create-stack';
import { SEED } from '../../support/sample';
import { startStack } from '../../support/stack';

/** One word of each platform for each of four statuses; docs/carriers.md has all of them, with their sources. */
const WORDS: Readonly<Record<CarrierName, Readonly<Record<string, Status>>>> = {
  easypost: { pre_transit: 'pending', in_transit: 'in_transit', failure: 'failed', delivered: 'delivered' },
  shippo: { PRE_TRANSIT: 'pending', TRANSIT: 'in_transit', FAILURE: 'failed', DELIVERED: 'delivered' },
  aftership: { InfoReceived: 'pending', InTransit: 'in_transit', AttemptFail: 'failed', Delivered: 'delivered' },
};

const SHIPMENTS_EACH = 4;

const CONCURRENCY = 3;

/** Attempts of a platform that gets a 5xx, as from a busy machine. */
const ATTEMPTS = 10;

let stack: LocalStack;

beforeAll(async () => {
  stack = await startStack();
}, 240_000);

const timeOf = (scan: number) => Date.UTC(2026, 1, 10, 6 + 2 * scan);

/** Local time in Berlin, the configured zone, an hour ahead in winter: without an offset or, as some platforms write it, with a wrong `Z`. */
const inBerlin = (platform: CarrierName, time: number) =>
  `${new Date(time + 3_600_000).toISOString().slice(0, 19)}${platform === 'aftership' ? '' : 'Z'}`;

/** A webhook about a shipment with scans of these words. */
const bodyOf = (platform: CarrierName, shipment: string, words: readonly string[]) =>
  JSON.stringify(
    PLATFORMS[platform].webhook(
      shipment,
      words.map((word, scan) => ({ word, time: inBerlin(platform, timeOf(scan)) })),
    ),
  );

interface Call {
  readonly platform: CarrierName;
  readonly body: string;
  /** Returns the headers, signed now, because a platform may sign the time. */
  sign(): Readonly<Record<string, string>>;
  /** The expected HTTP status. */
  readonly answer: 200 | 400 | 401;
}

const signedCall = (platform: CarrierName, body: string, answer: 200 | 400 = 200): Call => ({
  platform,
  body,
  sign: () => signedBy(platform, body),
  answer,
});

interface History {
  readonly platform: CarrierName;
  readonly shipment: string;
  readonly words: readonly string[];
}

/** A shipment of two to five scans and its calls: each webhook but the last may be lost, any may be repeated, and two are forged. */
const reported = (platform: CarrierName, shipment: string) =>
  fc
    .array(fc.record({ word: fc.constantFrom(...Object.keys(WORDS[platform])), times: fc.nat(2) }), {
      minLength: 2,
      maxLength: 5,
    })
    .map((scans): { history: History; calls: readonly Call[] } => {
      const words = scans.map(({ word }) => word);
      const whole = signedCall(platform, bodyOf(platform, shipment, words));
      const parts = scans.flatMap(({ times }, scan) =>
        Array<Call>(times).fill(signedCall(platform, bodyOf(platform, shipment, words.slice(0, scan + 1)))),
      );
      const body = bodyOf(platform, shipment, ['forged']);
      const forged = [
        { platform, body, sign: () => signedBy(platform, body, 'a-secret-that-is-not-theirs'), answer: 401 },
        { platform, body, sign: () => signedBy(platform, `${body} `), answer: 401 },
      ] as const;
      return { history: { platform, shipment, words }, calls: [whole, ...parts, ...forged] };
    });

/** A shipment with a known and an unknown status word; its calls include an unsigned and an unreadable one. */
function odd(platform: CarrierName): { history: History; calls: readonly Call[] } {
  const [word = ''] = Object.keys(WORDS[platform]);
  const shipment = `WORD-${platform}`;
  const unknown = signedCall(platform, bodyOf(platform, shipment, [word, 'teleported']));
  const unreadable = signedCall(platform, bodyOf(platform, '', [word]), 400);
  return {
    history: { platform, shipment, words: [word] },
    calls: [unknown, { ...unknown, sign: () => ({}), answer: 401 }, unreadable],
  };
}

const address = (platform: string) => `${stack.carriersAddress}/${platform}`;

/** Posts the calls concurrently. @returns those with another status than the expected one */
async function post(calls: readonly Call[]): Promise<string[]> {
  const pending = calls.values();
  const unexpected: string[] = [];
  const postPending = async () => {
    for (const call of pending) {
      let { status, body } = await postWebhook(address(call.platform), call.body, call.sign());
      for (let attempt = 1; status >= 500 && attempt < ATTEMPTS; attempt += 1)
        ({ status, body } = await postWebhook(address(call.platform), call.body, call.sign()));
      if (status !== call.answer)
        unexpected.push(`${call.platform} ${status} ${body}, not ${call.answer}: ${call.body}`);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, postPending));
  return unexpected;
}

/** The log's events and the shipments' statuses, one line each. */
const linesOf = ({ log, shipments }: Pick<Snapshot, 'log' | 'shipments'>) => ({
  log: log.map(({ shipment_id, status, timestamp }) => `${shipment_id} ${status} ${timestamp}`).sort(),
  shipments: shipments.map(({ shipment_id, status }) => `${shipment_id} ${status}`).sort(),
});

/** The expected lines: the latest closed status of a history is current, otherwise its latest status. */
function expectedOf(histories: readonly History[]) {
  const rows = histories.map(({ platform, shipment, words }) =>
    words.map((word, scan) => ({ shipment_id: shipment, status: WORDS[platform][word], timestamp: timeOf(scan) })),
  );
  const current = rows.map(
    (scans) => scans.findLast(({ status }) => status && statusRule(status).closed) ?? scans.at(-1),
  );
  return linesOf({ log: rows.flat(), shipments: current.map((row) => ({ ...row })) });
}

/** Distinct messages of the error events that were notified; each repetition of a webhook is reported again. */
const reportsIn = ({ notifications }: Snapshot): string[] => [
  ...new Set(
    notifications.processing.map(({ Message }) => JSON.parse(Message).error_message as string).filter(Boolean),
  ),
];

it(`records every history of a day of three platforms, shuffled, repeated, partly lost and partly forged (seed ${SEED})`, async () => {
  const shipments = CARRIER_NAMES.flatMap((platform) =>
    Array.from({ length: SHIPMENTS_EACH }, (_, index) => reported(platform, `DAY-${platform}-${index}`)),
  );
  const day = fc.tuple(...shipments).chain((drawn) => {
    const all = [...drawn, ...CARRIER_NAMES.map(odd)];
    const calls = all.flatMap((shipment) => shipment.calls);
    const shuffled = fc.shuffledSubarray(calls, { minLength: calls.length });
    return fc.record({ histories: fc.constant(all.map(({ history }) => history)), calls: shuffled });
  });
  const [{ histories, calls } = { histories: [], calls: [] }] = fc.sample(day, { seed: SEED, numRuns: 1 });
  const expected = expectedOf(histories);
  // An unknown word is reported once for each platform.
  const reports = [
    'aftership: msg.checkpoints[1].tag',
    'easypost: result.tracking_details[1].status',
    'shippo: data.tracking_history[1].status',
  ].map((field) => `${field} is "teleported", which is not in the table of its status words`);
  expect(calls.length).toBeGreaterThan(3 * histories.length);

  expect(await post(calls)).toEqual([]);
  const snapshot = await until(async () => {
    const current = await takeSnapshot(stack);
    const isDone = current.log.length >= expected.log.length && reportsIn(current).length >= reports.length;
    return isDone && linesOf(current).shipments.join() === expected.shipments.join() && current;
  }, 120_000);

  expect(linesOf(snapshot)).toEqual(expected);
  expect(Object.values(snapshot.failed).flat()).toEqual([]);
  expect(snapshot.unrouted).toEqual([]);
  expect(reportsIn(snapshot).sort()).toEqual(reports);
  // `track` shows the error rows of a shipment.
  expect(new Set(snapshot.errors.map((row) => row['shipment_id']))).toEqual(
    new Set(CARRIER_NAMES.map((platform) => `WORD-${platform}`)),
  );
}, 240_000);

describe('the public address', () => {
  const body = sampleBody('aftership');

  it('accepts calls without an AWS signature, but none from a web page or to another host name', async () => {
    const signed = signedBy('aftership', body);

    expect((await postWebhook(address('aftership'), body, signed)).status).toBe(200);
    for (const headers of [
      { origin: 'http://localhost' },
      { 'sec-fetch-site': 'cross-site' },
      { host: 'attacker.example' },
    ])
      expect((await postWebhook(address('aftership'), body, { ...signed, ...headers })).status).toBe(403);
  });

  it('reaches the public function and nothing else in the embedded AWS', async () => {
    const { origin, pathname } = new URL(stack.carriersAddress);
    const others = [
      `${origin}${pathname.replace(/[^/]+$/, 'a'.repeat(32))}/aftership`,
      `${origin}/_aws/lambda-url/../sqs`,
    ];

    for (const other of others)
      expect((await postWebhook(other, body, { 'x-amz-target': 'DynamoDB_20120810.ListTables' })).status).toBe(403);
    expect(
      (await postWebhook(`${stack.carriersAddress}/../../_ministack/health`, '', {}, 'GET')).status,
    ).toBeGreaterThanOrEqual(400);
  });

  it('refuses calls after CarrierWebhooks is turned off', async () => {
    await updateStack(stack.endpoint, 'CarrierWebhooks=false');

    expect((await postWebhook(address('aftership'), body, signedBy('aftership', body))).status).toBe(403);
  }, 120_000);
});
