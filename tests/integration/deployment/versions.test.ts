/** What a deployment changes: the version behind the alias `live`, on the same tables, and the parameters that it passes. */
import { randomUUID } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda';
import { FUNCTION_KEYS, type FunctionKey, functionName, LIVE_ALIAS } from '../../../contracts/functions';
import { inEnvironment } from '../../../contracts/names';
import { until } from '../../../lib/until.mjs';
import { deployBuilt, ENVIRONMENT } from '../../../local/deploy';
import { CREDENTIALS, localEnvironment, REGION } from '../../../local/environment';
import { takeSnapshot } from '../../../local/snapshot';
import type { EventFile, LocalStack } from '../../../local/stack';
import { bundleOf } from '../../../template-src/functions/build-properties';
import { parameters } from '../../../template-src/parameters';
import { temporaryFolder } from '../../support/after-tests';
import { anUpdate } from '../../support/builders/events';
import { noticesIn } from '../../support/notices';
import { logistics, typed } from '../../support/operator';
import { startStackBySam } from '../../support/stack';

/** The word that each version writes into its rows. */
const WORDS = { first: 'status_valid', next: 'status_known' } as const;

let stack: LocalStack;
let lambda: LambdaClient;

beforeAll(async () => {
  stack = await startStackBySam();
  cpSync(stack.build, build, { recursive: true });
  lambda = new LambdaClient({ endpoint: stack.endpoint, region: REGION, credentials: CREDENTIALS });
}, 120_000);

const nameOf = (key: FunctionKey) => inEnvironment(functionName(key), ENVIRONMENT);

const UPDATER = nameOf('status-updater');

async function liveVersions(): Promise<Record<string, string | undefined>> {
  const found = FUNCTION_KEYS.map(async (key) => {
    const { FunctionVersion } = await lambda.send(new GetAliasCommand({ FunctionName: nameOf(key), Name: LIVE_ALIAS }));
    return [key, FunctionVersion] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}

/** A copy of the build, into which the next version is written. */
const build = path.join(temporaryFolder('versions'), 'build');

const deploy = (...parameters: string[]) =>
  deployBuilt(build, localEnvironment(stack.endpoint), ['--parameter-overrides', ...parameters]);

const ACCOUNTS = ['111122223333', '444455556666'];

function writeNextVersion(): void {
  const bundle = bundleOf('status-updater', build);
  const code = readFileSync(bundle, 'utf8');
  if (!code.includes(WORDS.first)) throw new Error(`the bundle does not contain ${WORDS.first}`);
  writeFileSync(bundle, code.replaceAll(WORDS.first, WORDS.next));
}

const update = (shipment_id: string, event_id: string, status: string, occurred_at: string) =>
  anUpdate({ shipment_id, event_id, status, occurred_at });

const onTheBus = (event: EventFile) => ({ ...event, version: '0', id: randomUUID() });

/** Invokes a version, or the alias, without the bus. */
const invoke = (Qualifier: string, event: EventFile, InvocationType: 'Event' | 'RequestResponse') =>
  lambda.send(
    new InvokeCommand({
      FunctionName: UPDATER,
      Qualifier,
      InvocationType,
      Payload: Buffer.from(JSON.stringify(onTheBus(event))),
    }),
  );

/** Delivers an event again; returns the function's answer. */
async function deliverAgain(Qualifier: string, event: EventFile) {
  const { Payload } = await invoke(Qualifier, event, 'RequestResponse');
  const { statusCode, body } = JSON.parse(Buffer.from(Payload ?? '').toString());
  return { statusCode, updated: JSON.parse(body ?? '{}').updated };
}

/** The word of the version that wrote an event's row. */
async function writerOf(event_id: string): Promise<string | undefined> {
  const row = await until(async () => (await takeSnapshot(stack)).log.find((row) => row['event_id'] === event_id));
  return (row['process_result'] as { validations: string[] }).validations[0];
}

/** The word of the version that handles an event on the bus. */
async function wordFromTheBus(event_id: string): Promise<string | undefined> {
  await stack.send(update(`SHP-${event_id}`, event_id, 'in_transit', '2026-03-02T08:00:00Z'));
  return writerOf(event_id);
}

describe('a deployment', () => {
  it('publishes only the changed function, whose new version handles the next event', async () => {
    const [versions, word] = [await liveVersions(), await wordFromTheBus('v-1')];

    writeNextVersion();
    await deploy(`ProducerAccountIds=${ACCOUNTS}`);

    expect([versions, word]).toEqual([Object.fromEntries(FUNCTION_KEYS.map((key) => [key, '1'])), WORDS.first]);
    expect(await liveVersions()).toEqual({ ...versions, 'status-updater': '2' });
    expect(await wordFromTheBus('v-2')).toBe(WORDS.next);
  }, 120_000);

  it('lets both versions handle the same events at once: one row, one status, and no repeated notification', async () => {
    const shipments = Array.from({ length: 6 }, (_, index) => ({
      shipment_id: `SHP-BOTH-${index}`,
      status: index % 2 ? 'delivered' : 'returned',
    }));
    const events = shipments.flatMap(({ shipment_id, status }) => [
      update(shipment_id, `${shipment_id}-moves`, 'in_transit', '2026-03-02T08:00:00Z'),
      update(shipment_id, `${shipment_id}-arrives`, status, '2026-03-02T10:00:00Z'),
      update(shipment_id, `${shipment_id}-leaves`, 'out_for_delivery', '2026-03-02T09:00:00Z'),
    ]);

    // One event to the first version, one to the next version by the bus, one to both.
    await Promise.all(
      events.flatMap((event, index) => [
        ...(index % 3 === 1 ? [] : [invoke('1', event, 'Event')]),
        ...(index % 3 === 0 ? [] : [stack.send(event)]),
      ]),
    );
    await until(async () => {
      const { log } = await takeSnapshot(stack);
      return log.length === events.length + 2 && log.filter((row) => row['notified_at']).length === shipments.length;
    });
    const before = await takeSnapshot(stack);
    const repeated = await Promise.all(
      events.flatMap((event) => [deliverAgain('1', event), deliverAgain(LIVE_ALIAS, event)]),
    );

    const snapshot = await takeSnapshot(stack);
    expect(repeated).toEqual(Array(2 * events.length).fill({ statusCode: 200, updated: false }));
    expect(snapshot.log).toHaveLength(events.length + 2);
    expect(snapshot.shipments.filter(({ shipment_id }) => String(shipment_id).startsWith('SHP-BOTH'))).toEqual(
      expect.arrayContaining(shipments.map((shipment) => expect.objectContaining(shipment))),
    );
    // A set, because the SDK publishes again when SNS has not answered within two seconds.
    const notices = shipments.map(({ shipment_id, status }) => `${shipment_id} ${status}`);
    expect(new Set(noticesIn(snapshot))).toEqual(new Set(notices));
    expect(snapshot.notifications).toEqual(before.notifications);
    expect([snapshot.errors, snapshot.failed['status-updater']]).toEqual([[], []]);
    expect(await writerOf('SHP-BOTH-0-moves')).toBe(WORDS.first);
    expect(await writerOf('SHP-BOTH-0-arrives')).toBe(WORDS.next);
  }, 180_000);
});

describe('the alias', () => {
  it('can be moved back by hand, and failed events are still retried and then sent to the dead-letter queue', async () => {
    await lambda.send(new UpdateAliasCommand({ FunctionName: UPDATER, Name: LIVE_ALIAS, FunctionVersion: '1' }));

    const word = await wordFromTheBus('v-3');
    const doctor = await logistics(stack.endpoint, ['doctor']);
    const id = await stack.send(update('SHP-REJECTED', 'v-rejected', 'teleported', '2026-03-02T08:00:00Z'));
    const { failed, errors } = await until(async () => {
      const snapshot = await takeSnapshot(stack);
      return snapshot.failed['status-updater'].length > 0 && snapshot;
    });

    expect(word).toBe(WORDS.first);
    expect(doctor.stdout).toContain(`${UPDATER} runs version 1, the last one published is 2`);
    expect(failed['status-updater'].map((body) => JSON.parse(body).requestPayload.id)).toEqual([id]);
    expect(errors).toEqual([expect.objectContaining({ error_id: `${UPDATER}/${id}`, attempts: 3 })]);
  }, 180_000);

  it('moves again with the next deployment, even when only a parameter’s value changes', async () => {
    await deploy('EnableXRay=true');

    const live = await lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: UPDATER, Qualifier: LIVE_ALIAS }),
    );

    expect(live).toMatchObject({ Version: '3', TracingConfig: { Mode: 'Active' } });
    expect(await wordFromTheBus('v-4')).toBe(WORDS.next);
  }, 120_000);
});

describe('a parameter', () => {
  it('keeps its value in deployments that omit it', async () => {
    const { stdout } = await typed(stack.endpoint, 'aws events describe-event-bus --name logistics-events-dev');

    expect(JSON.parse(JSON.parse(stdout).Policy).Statement).toContainEqual(
      expect.objectContaining({ Sid: 'OtherAccountsPutEvents', Principal: { AWS: ACCOUNTS } }),
    );
  });

  it('for accounts accepts nothing but their ids', () => {
    const pattern = new RegExp(String(parameters.ProducerAccountIds.AllowedPattern));
    expect(['*', '11112222333', ...ACCOUNTS].filter((id) => pattern.test(id))).toEqual(ACCOUNTS);
  });
});
