/** Carrier platforms at the deployed function URL: a day of three of them, and the calls that it refuses. */
import fc from 'fast-check';
import { CARRIER_NAMES, type CarrierName } from '../../../contracts/carriers';
import { type Status, statusRule } from '../../../contracts/statuses';
import { until } from '../../../lib/until.mjs';
import { postWebhook, signedBy } from '../../../local/carriers';
import { deployBuilt } from '../../../local/deploy';
import { localEnvironment } from '../../../local/environment';
import { type Snapshot, takeSnapshot } from '../../../local/snapshot';
import type { LocalStack } from '../../../local/stack';
import { sampleBody } from '../../support/builders/webhook-calls';
import { PLATFORMS } from '../../support/builders/webhooks';
import { SEED } from '../../support/sample';
import { startStack } from '../../support/stack';

/** Words of each platform and what they mean, of each kind one; docs/carriers.md has where all of them are from. */
const WORDS: Readonly<Record<CarrierName, Readonly<Record<string, Status>>>> = {
  easypost: { pre_transit: 'pending', in_transit: 'in_transit', failure: 'failed', delivered: 'delivered' },
  shippo: { PRE_TRANSIT: 'pending', TRANSIT: 'in_transit', FAILURE: 'failed', DELIVERED: 'delivered' },
  aftership: { InfoReceived: 'pending', InTransit: 'in_transit', AttemptFail: 'failed', Delivered: 'delivered' },
};

const SHIPMENTS_EACH = 4;

/** Calls that are under way at a time. */
const LANES = 3;

/** Times that a platform calls again when it gets a 5xx, as on a busy machine. */
const ATTEMPTS = 10;

let stack: LocalStack;

beforeAll(async () => {
  stack = await startStack();
}, 240_000);

/** When a shipment has its n-th scan. */
const timeOf = (scan: number) => Date.UTC(2026, 1, 10, 6 + 2 * scan);

/** Local in Berlin, as the settings say of each platform: an hour ahead in winter, and without a word about it, or with a wrong one. */
const inBerlin = (platform: CarrierName, time: number) =>
  `${new Date(time + 3_600_000).toISOString().slice(0, 19)}${platform === 'aftership' ? '' : 'Z'}`;

/** A webhook about a shipment whose scans have had these words so far. */
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
  /** The headers, signed now: a platform may sign the time. */
  sign(): Readonly<Record<string, string>>;
  /** The answer that it must get. */
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

/** A shipment of two to five scans, and the calls about it: each webhook but the last may be lost, any may come twice, and two are forged. */
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

/** A shipment with a word that no table has, after one that has, and calls that are unsigned and unreadable. */
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

/** Posts the calls, several at once, as platforms do. @returns those that were not answered as they must be */
async function post(calls: readonly Call[]): Promise<string[]> {
  const waiting = calls.values();
  const wrong: string[] = [];
  const lane = async () => {
    for (const call of waiting) {
      let { status, body } = await postWebhook(address(call.platform), call.body, call.sign());
      for (let attempt = 1; status >= 500 && attempt < ATTEMPTS; attempt += 1)
        ({ status, body } = await postWebhook(address(call.platform), call.body, call.sign()));
      if (status !== call.answer) wrong.push(`${call.platform} ${status} ${body}, not ${call.answer}: ${call.body}`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return wrong;
}

/** The log's events and the shipments' statuses, each as a line. */
const heldIn = ({ log, shipments }: Pick<Snapshot, 'log' | 'shipments'>) => ({
  log: log.map(({ shipment_id, status, timestamp }) => `${shipment_id} ${status} ${timestamp}`).sort(),
  shipments: shipments.map(({ shipment_id, status }) => `${shipment_id} ${status}`).sort(),
});

/** What the histories say: of a closed status and an open one the closed, else the latest. */
function heldOf(histories: readonly History[]) {
  const rows = histories.map(({ platform, shipment, words }) =>
    words.map((word, scan) => ({ shipment_id: shipment, status: WORDS[platform][word], timestamp: timeOf(scan) })),
  );
  const current = rows.map(
    (scans) => scans.findLast(({ status }) => status && statusRule(status).closed) ?? scans.at(-1),
  );
  return heldIn({ log: rows.flat(), shipments: current.map((row) => ({ ...row })) });
}

/** The messages of the error events that operators were notified of; a webhook that came again is reported again. */
const reportsIn = ({ notifications }: Snapshot): string[] => [
  ...new Set(
    notifications.processing.map(({ Message }) => JSON.parse(Message).error_message as string).filter(Boolean),
  ),
];

it(`a day of three platforms, shuffled, repeated, partly lost and partly forged, leaves what their histories say (seed ${SEED})`, async () => {
  const shipments = CARRIER_NAMES.flatMap((platform) =>
    Array.from({ length: SHIPMENTS_EACH }, (_, index) => reported(platform, `DAY-${platform}-${index}`)),
  );
  const day = fc.tuple(...shipments).chain((drawn) => {
    const all = [...drawn, ...CARRIER_NAMES.map(odd)];
    const calls = all.flatMap((each) => each.calls);
    const shuffled = fc.shuffledSubarray(calls, { minLength: calls.length });
    return fc.record({ histories: fc.constant(all.map(({ history }) => history)), calls: shuffled });
  });
  const [{ histories, calls } = { histories: [], calls: [] }] = fc.sample(day, { seed: SEED, numRuns: 1 });
  const expected = heldOf(histories);
  // A word that no table has is reported, once, though the webhook has it twice.
  const reports = [
    'aftership: msg.checkpoints[1].tag',
    'easypost: result.tracking_details[1].status',
    'shippo: data.tracking_history[1].status',
  ].map((field) => `${field} is "teleported", which is not in the table of its status words`);
  expect(calls.length).toBeGreaterThan(3 * histories.length);

  expect(await post(calls)).toEqual([]);
  const snapshot = await until(async () => {
    const seen = await takeSnapshot(stack);
    const isDone = seen.log.length >= expected.log.length && reportsIn(seen).length >= reports.length;
    return isDone && heldIn(seen).shipments.join() === expected.shipments.join() && seen;
  }, 120_000);

  expect(heldIn(snapshot)).toEqual(expected);
  expect(Object.values(snapshot.failed).flat()).toEqual([]);
  expect(snapshot.unrouted).toEqual([]);
  expect(reportsIn(snapshot).sort()).toEqual(reports);
  // So that `track` shows them.
  expect(new Set(snapshot.errors.map((row) => row['shipment_id']))).toEqual(
    new Set(CARRIER_NAMES.map((platform) => `WORD-${platform}`)),
  );
}, 240_000);

describe('the address', () => {
  const body = sampleBody('aftership');

  it('takes calls that AWS’s own signature does not cover, and none of a web page or under another name', async () => {
    const signed = signedBy('aftership', body);

    expect((await postWebhook(address('aftership'), body, signed)).status).toBe(200);
    for (const headers of [
      { origin: 'http://localhost' },
      { 'sec-fetch-site': 'cross-site' },
      { host: 'attacker.example' },
    ])
      expect((await postWebhook(address('aftership'), body, { ...signed, ...headers })).status).toBe(403);
  });

  it('leads to that function and to nothing else of AWS', async () => {
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

  it('answers what is no webhook', async () => {
    expect((await postWebhook(address('fedex'), body, {})).status).toBe(404);
    expect((await postWebhook(address('aftership'), '', {}, 'GET')).status).toBe(405);
    expect((await postWebhook(address('aftership'), 'x'.repeat(300_000), {})).status).toBe(413);
  });

  it('is gone once it is turned off, and the function takes no calls', async () => {
    await deployBuilt(stack.build, localEnvironment(stack.endpoint), [
      '--parameter-overrides',
      'CarrierWebhooks=false',
      // The embedded AWS takes a resource that a condition removes for no change.
      'LogRetentionDays=14',
    ]);

    expect((await postWebhook(address('aftership'), body, signedBy('aftership', body))).status).toBe(403);
  }, 120_000);
});
