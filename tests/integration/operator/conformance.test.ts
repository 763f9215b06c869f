/** Every claim about AWS, tried on the embedded AWS: only the known differences differ, and nothing remains. */
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { ListTablesCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { GetPolicyCommand, ListEventSourceMappingsCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListSubscriptionsCommand, ListTopicsCommand } from '@aws-sdk/client-sns';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { CLAIMS } from '../../../cli/conformance/claims';
import { SHIPMENT_PREFIX } from '../../../cli/conformance/trial';
import { type Target, targetOf } from '../../../cli/target/target';
import { CREDENTIALS } from '../../../local/environment';
import { EMBEDDED_AWS } from '../../../local/known-differences';
import { messagesByQueue } from '../../../local/snapshot';
import type { LocalStack } from '../../../local/stack';
import { toAttributes } from '../../../src/adapters/attributes';
import { jsonLines } from '../../support/json-lines';
import { logistics } from '../../support/operator';
import { startStack } from '../../support/stack';

jest.setTimeout(150_000);

let stack: LocalStack;
let target: Target;
let before: Awaited<ReturnType<typeof everything>>;

beforeAll(async () => {
  stack = await startStack();
  target = targetOf({ env: 'dev', endpoint: stack.endpoint, accessKey: CREDENTIALS });
  // Rows of others, which must stay.
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

/** Resources of the kinds that a run creates, the permission that it removes, rows, and messages of its shipments. */
async function everything() {
  const { db, events, sns, sqs, lambda, alarms } = target;
  const EventBusName = stack.outputs['EventBusName'];
  const rows = async (output: string) =>
    JSON.stringify((await db.send(new ScanCommand({ TableName: stack.outputs[output] }))).Items);
  return {
    tables: (await db.send(new ListTablesCommand({}))).TableNames,
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

it('finds only the known differences of the embedded AWS, and deletes its resources', async () => {
  const { code, stdout, stderr } = await logistics(stack.endpoint, ['conformance', '--yes', '--restore', '--json']);

  const expected = CLAIMS.map(({ id }) => [id, EMBEDDED_AWS[id] ?? 'held']);
  const tried = jsonLines(stdout).map(({ claim, state, seen }) => [claim, state, seen]);
  // With the observation, so that a failure shows the reason.
  expect(tried).toEqual(expected.map((verdict) => [...verdict, expect.any(String)]));
  expect(stderr).toMatch(/^account 000000000000, region us-east-1, arn:/);
  expect(stderr).not.toContain('could not be removed');
  expect(code).toBe(1);
  expect(await everything()).toEqual(before);
});
