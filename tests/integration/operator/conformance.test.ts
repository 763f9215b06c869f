/** Every claim about AWS, tried on the embedded AWS: what differs is what is known to differ, and nothing is left behind. */
import { spawn } from 'node:child_process';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { ListTablesCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { ListArchivesCommand, ListEventBusesCommand, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { GetPolicyCommand, ListEventSourceMappingsCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListSubscriptionsCommand, ListTopicsCommand } from '@aws-sdk/client-sns';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { CLAIMS } from '../../../cli/conformance/claims';
import { SHIPMENT_PREFIX } from '../../../cli/conformance/trial';
import { type Target, targetOf } from '../../../cli/target/target';
import { until } from '../../../lib/until.mjs';
import { CREDENTIALS, localEnvironment } from '../../../local/environment';
import { EMBEDDED_AWS } from '../../../local/known-differences';
import { messagesByQueue } from '../../../local/snapshot';
import type { LocalStack } from '../../../local/stack';
import { toAttributes } from '../../../src/adapters/attributes';
import { stopAfterTests } from '../../support/after-tests';
import { logistics } from '../../support/operator';
import { startStack } from '../../support/stack';

jest.setTimeout(150_000);

let stack: LocalStack;
let target: Target;
let before: Awaited<ReturnType<typeof everything>>;

beforeAll(async () => {
  stack = await startStack();
  target = targetOf({ env: 'dev', endpoint: stack.endpoint, accessKey: CREDENTIALS });
  // The rows of others, which stay.
  for (const output of ['ShipmentEventsTableName', 'ErrorEventsTableName']) {
    const Item = toAttributes({ event_id: 'other', error_id: 'other', timestamp: 1, shipment_id: 'SHP-1' });
    await stack.db.send(new PutItemCommand({ TableName: stack.outputs[output], Item }));
  }
  before = await everything();
});

/** The policy that lets the rule invoke the shipment processor; the error's name when it has no statement. */
async function permission(): Promise<object | string> {
  const alias = { FunctionName: 'logistics-shipment-processor-dev', Qualifier: 'live' };
  const answer = target.lambda.send(new GetPolicyCommand(alias));
  return answer.then(
    ({ Policy = '{}' }) => JSON.parse(Policy).Statement,
    ({ name }: Error) => name,
  );
}

/** Names of all that a run makes, the permission that it takes away, rows and messages. */
async function everything() {
  const { db, events, sns, sqs, lambda, alarms } = target;
  const EventBusName = stack.outputs['EventBusName'];
  const rows = async (output: string) =>
    JSON.stringify((await db.send(new ScanCommand({ TableName: stack.outputs[output] }))).Items);
  return {
    tables: (await db.send(new ListTablesCommand({}))).TableNames,
    buses: (await events.send(new ListEventBusesCommand({}))).EventBuses?.map(({ Name }) => Name),
    archives: (await events.send(new ListArchivesCommand({}))).Archives?.map(({ ArchiveName }) => ArchiveName),
    rules: (await events.send(new ListRulesCommand({ EventBusName }))).Rules?.map(({ Name }) => Name),
    topics: (await sns.send(new ListTopicsCommand({}))).Topics?.map(({ TopicArn }) => TopicArn),
    subscriptions: (await sns.send(new ListSubscriptionsCommand({}))).Subscriptions?.map(({ Endpoint }) => Endpoint),
    queues: (await sqs.send(new ListQueuesCommand({}))).QueueUrls,
    alarms: (await alarms.send(new DescribeAlarmsCommand({}))).MetricAlarms?.length,
    functions: (await lambda.send(new ListFunctionsCommand({}))).Functions?.map(({ FunctionName }) => FunctionName),
    mappings: (await lambda.send(new ListEventSourceMappingsCommand({}))).EventSourceMappings?.length,
    permission: await permission(),
    rows: await Promise.all(['ShipmentEventsTableName', 'ShipmentsTableName', 'ErrorEventsTableName'].map(rows)),
    waiting: [...(await messagesByQueue(stack.endpoint))].filter(
      ([name, bodies]) => !name.startsWith('local-') && bodies.some((body) => body.includes(SHIPMENT_PREFIX)),
    ),
  };
}

it('differs where the embedded AWS is known to differ, holds everything else, and removes what it made', async () => {
  const { code, stdout, stderr } = await logistics(stack.endpoint, ['conformance', '--yes', '--restore', '--json']);

  const verdicts = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const expected = CLAIMS.map(({ id }) => [id, EMBEDDED_AWS[id] ?? 'held']);
  const tried = verdicts.map(({ claim, state, seen }) => [claim, state, seen]);
  // Each with what was seen, so that a failure says why.
  expect(tried).toEqual(expected.map((each) => [...each, expect.any(String)]));
  expect(stderr).toMatch(/^account 000000000000, region us-east-1, arn:/);
  expect(stderr).not.toContain('could not be removed');
  expect(code).toBe(1);
  expect(await everything()).toEqual(before);
});

it('removes what it made when it is interrupted, too', async () => {
  const child = spawn(process.execPath, ['cli/logistics.mjs', 'conformance', '--yes'], {
    env: localEnvironment(stack.endpoint),
  });
  stopAfterTests(async () => child.kill());
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  const ended = new Promise((resolve) => child.once('close', resolve));
  // Tables, queue and rule are made by then, and events are under way.
  await until(async () => (await permission()) === 'ResourceNotFoundException');
  child.kill('SIGINT');
  const code = await ended;

  expect(said).toContain('SIGINT: ending after the step under way');
  expect(said).not.toContain('could not be removed');
  expect(code).toBe(130);
  // Events under retry leave rows that are said to come back: those of the tables are compared above.
  const { rows: _, waiting: __, ...made } = await everything();
  const { rows: ___, waiting: ____, ...unmade } = before;
  expect(made).toEqual(unmade);
});

it('without a terminal asks for --yes', async () => {
  const { code, stderr } = await logistics(stack.endpoint, ['conformance']);

  expect(stderr).toContain('nothing was tried: without a terminal, --yes says yes');
  expect(code).toBe(2);
});
