/** Carrier platforms at the deployed function URL: a day of three of them, and the calls that it refuses. */
import { CARRIER_NAMES } from '../../../contracts/carriers';
import { statusRule } from '../../../contracts/statuses';
import { Random } from '../../../demo/simulation/random';
import { until } from '../../../lib/until.mjs';
import { postWebhook, signedBy } from '../../../local/carriers';
import { deployBuilt } from '../../../local/deploy';
import { localEnvironment } from '../../../local/environment';
import { type Snapshot, takeSnapshot } from '../../../local/snapshot';
import type { LocalStack } from '../../../local/stack';
import { sampleBody } from '../../support/builders/webhook-calls';
import { SEED } from '../../support/sample';
import { startStack } from '../../support/stack';
import { type CarrierCall, callsOf, type History, histories } from './carrier-day';

const SHIPMENTS_EACH = 4;

/** Calls that are under way at a time. */
const LANES = 3;

let stack: LocalStack;

beforeAll(async () => {
  stack = await startStack();
}, 240_000);

const address = (platform: string) => `${stack.carriersAddress}/${platform}`;

/** Times that a platform calls again when it gets a 5xx, as on a busy machine. */
const ATTEMPTS = 10;

/** Posts the calls, several at once, as platforms do. @returns those that were not answered as they must be */
async function post(calls: readonly CarrierCall[]): Promise<string[]> {
  const waiting = [...calls];
  const wrong: string[] = [];
  const lane = async () => {
    for (let call = waiting.shift(); call; call = waiting.shift()) {
      let { status, body } = await postWebhook(address(call.platform), call.body, call.sign());
      for (let attempt = 1; status >= 500 && attempt < ATTEMPTS; attempt += 1)
        ({ status, body } = await postWebhook(address(call.platform), call.body, call.sign()));
      if (status !== call.answer) wrong.push(`${call.platform} ${status} ${body}, not ${call.answer}: ${call.body}`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return wrong;
}

/** Each shipment in the tables: its history by time, and its current status. */
const heldIn = ({ log, shipments }: Snapshot) =>
  Object.fromEntries(
    [...new Set(log.map(({ shipment_id }) => String(shipment_id)))].sort().map((shipment) => [
      shipment,
      {
        history: log
          .filter(({ shipment_id }) => shipment_id === shipment)
          .sort((one, other) => Number(one['timestamp']) - Number(other['timestamp']))
          .map(({ status, timestamp }) => `${status} ${new Date(Number(timestamp)).toISOString()}`),
        current: shipments.find(({ shipment_id }) => shipment_id === shipment)?.['status'],
      },
    ]),
  );

const currentIn = (shipments: Readonly<Record<string, { readonly current?: unknown }>>) =>
  Object.values(shipments)
    .map(({ current }) => current)
    .join();

/** The messages of the error events that operators were notified of; a webhook that came again is reported again. */
const reportsIn = ({ notifications }: Snapshot): string[] => [
  ...new Set(
    notifications.processing.map(({ Message }) => JSON.parse(Message).error_message as string).filter(Boolean),
  ),
];

/** A closed status stands before every open one, and else the latest. */
function currentOf({ scans }: Pick<History, 'scans'>) {
  const closed = scans.filter(({ status }) => statusRule(status).closed);
  return (closed.at(-1) ?? scans.at(-1))?.status;
}

const expectedOf = (all: readonly Omit<History, 'platform'>[]) =>
  Object.fromEntries(
    [...all]
      .sort((one, other) => (one.shipment < other.shipment ? -1 : 1))
      .map((history) => [
        history.shipment,
        { history: history.scans.map(({ status, time }) => `${status} ${time}`), current: currentOf(history) },
      ]),
  );

it(`a day of three platforms, shuffled, repeated, partly lost and partly forged, leaves what their histories say (seed ${SEED})`, async () => {
  const random = new Random(SEED);
  const all = histories(random, SHIPMENTS_EACH);
  const calls = callsOf(all, random);
  const words = CARRIER_NAMES.map((platform) => ({
    shipment: `WORD-${platform.toUpperCase()}`,
    scans: [{ status: 'in_transit' as const, time: '2026-02-10T06:00:00.000Z' }],
  }));
  const expected = expectedOf([...all, ...words]);

  expect(await post(calls)).toEqual([]);
  // A word that no table has is reported, once, though the webhook has it twice.
  const reports = [
    'aftership: msg.checkpoints[1].tag',
    'easypost: result.tracking_details[1].status',
    'shippo: data.tracking_history[1].status',
  ].map((field) => `${field} is "teleported", which is not in the table of its status words`);
  const rows = Object.values(expected).flatMap(({ history }) => history).length;
  const snapshot = await until(async () => {
    const seen = await takeSnapshot(stack);
    const isDone = seen.log.length >= rows && reportsIn(seen).length >= reports.length;
    return isDone && currentIn(heldIn(seen)) === currentIn(expected) && seen;
  }, 120_000);

  expect(heldIn(snapshot)).toEqual(expected);
  expect(snapshot.log).toHaveLength(rows);
  expect(Object.values(snapshot.failed).flat()).toEqual([]);
  expect(snapshot.unrouted).toEqual([]);
  expect(reportsIn(snapshot).sort()).toEqual(reports);
  // So that `track` shows them.
  expect(new Set(snapshot.errors.map((row) => row['shipment_id']))).toEqual(
    new Set(words.map((word) => word.shipment)),
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
