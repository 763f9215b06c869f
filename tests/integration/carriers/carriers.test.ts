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

const START = Date.UTC(2026, 1, 10, 6);

let stack: LocalStack;

beforeAll(async () => {
  stack = await startStack();
}, 240_000);

interface Scan {
  readonly word: string;
  readonly status: Status;
  /** RFC 3339, UTC. */
  readonly time: string;
  /** Webhooks that arrive with the history up to it. */
  readonly copies: number;
}

interface History {
  readonly platform: CarrierName;
  readonly shipment: string;
  readonly scans: readonly Scan[];
}

interface Call {
  readonly platform: CarrierName;
  readonly body: string;
  /** The headers, signed now: a platform may sign the time. */
  sign(): Readonly<Record<string, string>>;
  /** The answer that it must get. */
  readonly answer: 200 | 400 | 401;
}

/** A shipment of two to five scans, hours apart. All webhooks but the last may be lost, any may come twice. */
const history = (platform: CarrierName, shipment: string): fc.Arbitrary<History> =>
  fc
    .array(fc.tuple(fc.constantFrom(...Object.entries(WORDS[platform])), fc.nat(6_999), fc.nat(2)), {
      minLength: 2,
      maxLength: 5,
    })
    .map((drawn) => ({
      platform,
      shipment,
      scans: drawn.map(([[word, status], seconds, copies], scan) => ({
        word,
        status,
        time: new Date(START + scan * 7_200_000 + seconds * 1_000).toISOString(),
        copies: scan === drawn.length - 1 ? Math.max(1, copies) : copies,
      })),
    }));

/** Local in Berlin, as the settings say of each platform: an hour ahead in winter, and without a word about it, or with a wrong one. */
const inBerlin = (platform: CarrierName, time: string) =>
  `${new Date(Date.parse(time) + 3_600_000).toISOString().slice(0, 19)}${platform === 'aftership' ? '' : 'Z'}`;

const bodyOf = (platform: CarrierName, shipment: string, scans: readonly Pick<Scan, 'word' | 'time'>[]) =>
  JSON.stringify(
    PLATFORMS[platform].webhook(
      shipment,
      scans.map(({ word, time }) => ({ word, time: inBerlin(platform, time) })),
    ),
  );

function callsOf({ platform, shipment, scans }: History): Call[] {
  const webhooks = scans.flatMap(({ copies }, index) => {
    const body = bodyOf(platform, shipment, scans.slice(0, index + 1));
    return Array<Call>(copies).fill({ platform, body, sign: () => signedBy(platform, body), answer: 200 });
  });
  const forged = bodyOf(platform, shipment, [{ word: 'delivered', time: new Date(START).toISOString() }]);
  return [
    ...webhooks,
    { platform, body: forged, sign: () => signedBy(platform, forged, 'a-secret-that-is-not-theirs'), answer: 401 },
    { platform, body: forged, sign: () => signedBy(platform, forged.replace('DAY-', 'DAX-')), answer: 401 },
  ];
}

const oddShipment = (platform: CarrierName) => `WORD-${platform}`;

/** Unsigned, unreadable, and with a word that no table has beside one that has. */
function oddities(platform: CarrierName): Call[] {
  const [word = ''] = Object.keys(WORDS[platform]);
  const scans = [word, 'teleported'].map((each, index) => ({
    word: each,
    time: new Date(START + index * 60_000).toISOString(),
  }));
  const unknown = bodyOf(platform, oddShipment(platform), scans);
  const unreadable = bodyOf(platform, '', scans);
  return [
    { platform, body: unknown, sign: () => ({}), answer: 401 },
    { platform, body: unreadable, sign: () => signedBy(platform, unreadable), answer: 400 },
    { platform, body: unknown, sign: () => signedBy(platform, unknown), answer: 200 },
  ];
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
const heldIn = ({ log, shipments }: Snapshot) => ({
  log: log
    .map(
      ({ shipment_id, status, timestamp }) => `${shipment_id} ${status} ${new Date(Number(timestamp)).toISOString()}`,
    )
    .sort(),
  shipments: shipments.map(({ shipment_id, status }) => `${shipment_id} ${status}`).sort(),
});

/** A closed status stands before every open one, and else the latest. */
function currentOf(scans: History['scans']) {
  const closed = scans.filter(({ status }) => statusRule(status).closed);
  return (closed.at(-1) ?? scans.at(-1))?.status;
}

/** The messages of the error events that operators were notified of; a webhook that came again is reported again. */
const reportsIn = ({ notifications }: Snapshot): string[] => [
  ...new Set(
    notifications.processing.map(({ Message }) => JSON.parse(Message).error_message as string).filter(Boolean),
  ),
];

it(`a day of three platforms, shuffled, repeated, partly lost and partly forged, leaves what their histories say (seed ${SEED})`, async () => {
  const day = fc
    .tuple(
      ...CARRIER_NAMES.flatMap((platform) =>
        Array.from({ length: SHIPMENTS_EACH }, (_, index) => history(platform, `DAY-${platform}-${index}`)),
      ),
    )
    .chain((histories) => {
      const calls = [...histories.flatMap(callsOf), ...CARRIER_NAMES.flatMap(oddities)];
      return fc.record({
        histories: fc.constant(histories),
        calls: fc.shuffledSubarray(calls, { minLength: calls.length }),
      });
    });
  const [drawn] = fc.sample(day, { seed: SEED, numRuns: 1 });
  if (!drawn) throw new Error('no day was drawn');
  const odd = CARRIER_NAMES.map(oddShipment);
  const expected = {
    log: [
      ...drawn.histories.flatMap(({ shipment, scans }) =>
        scans.map(({ status, time }) => `${shipment} ${status} ${time}`),
      ),
      ...odd.map((shipment) => `${shipment} pending ${new Date(START).toISOString()}`),
    ].sort(),
    shipments: [
      ...drawn.histories.map(({ shipment, scans }) => `${shipment} ${currentOf(scans)}`),
      ...odd.map((shipment) => `${shipment} pending`),
    ].sort(),
  };
  // A word that no table has is reported, once, though the webhook has it twice.
  const reports = [
    'aftership: msg.checkpoints[1].tag',
    'easypost: result.tracking_details[1].status',
    'shippo: data.tracking_history[1].status',
  ].map((field) => `${field} is "teleported", which is not in the table of its status words`);

  expect(await post(drawn.calls)).toEqual([]);
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
  expect(new Set(snapshot.errors.map((row) => row['shipment_id']))).toEqual(new Set(odd));
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
