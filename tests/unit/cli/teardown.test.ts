import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { parse } from 'yaml';
import { teardown } from '../../../cli/commands/teardown';
import { targetOf } from '../../../cli/target';
import { template } from '../../../template-src/template';

const stacks = mockClient(CloudFormationClient);
const sqs = mockClient(SQSClient);
mockClient(CloudWatchClient).onAnyCommand().resolves({});

let files: string;
let said: string[];
let rows: Record<string, unknown>[];

const print = {
  where: (text: string) => void said.push(text),
  note: (text: string) => void said.push(text),
  rows: (results: readonly object[]) => void rows.push(...(results as Record<string, unknown>[])),
  result: () => undefined,
};

const physicalId = (id: string) => (id.endsWith('Table') ? `table-of-${id}` : `id-of-${id}`);

beforeEach(() => {
  files = mkdtempSync(path.join(os.tmpdir(), 'logistics-teardown-'));
  [said, rows] = [[], []];
  stacks.reset();
  stacks.on(DescribeStacksCommand).resolves({
    Stacks: [{ StackName: 's', StackId: 'arn:stack', CreationTime: new Date(), StackStatus: 'CREATE_COMPLETE' }],
  });
  stacks.on(ListStackResourcesCommand).resolves({
    StackResourceSummaries: Object.entries(template.Resources ?? {}).map(([LogicalResourceId, { Type }]) => ({
      LogicalResourceId,
      PhysicalResourceId: physicalId(LogicalResourceId),
      ResourceType: Type,
      LastUpdatedTimestamp: new Date(),
      ResourceStatus: 'CREATE_COMPLETE' as const,
    })),
  });
  sqs.on(GetQueueUrlCommand).resolves({ QueueUrl: 'https://queue' });
  sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { QueueArn: 'arn:aws:sqs:us-east-1:1:q' } });
});

afterEach(() => rmSync(files, { recursive: true }));

const run = (options: { env?: string; yes?: boolean; typed?: string } = {}) =>
  teardown(
    { files, ...(options.yes && { yes: true }) },
    targetOf({ env: options.env ?? 'dev', region: 'us-east-1' }, ''),
    print,
    async () => options.typed ?? '',
  );

/** What CloudFormation answers once the stack is gone. */
const gone = Object.assign(new Error('Stack with id s does not exist'), { name: 'ValidationError' });

const deletesTheStack = () =>
  stacks.on(DeleteStackCommand).callsFake(() => void stacks.on(DescribeStacksCommand).rejects(gone));

const deletions = () => stacks.commandCalls(DeleteStackCommand).length;

describe('teardown', () => {
  it('shows what stays and deletes nothing without --yes', async () => {
    await run();

    expect(rows.filter(({ fate }) => fate === 'stays').map(({ what }) => what)).toEqual([
      'table-of-ShipmentEventsTable',
      'table-of-ShipmentsTable',
      'table-of-ErrorEventsTable',
      'id-of-TopicKey',
    ]);
    expect(deletions()).toBe(0);
    expect(said.at(-1)).toMatch(/^nothing was deleted/);
    expect(readdirSync(files)).toEqual([]);
  });

  it('says how many waiting events go', async () => {
    sqs.on(GetQueueAttributesCommand).resolves({
      Attributes: { QueueArn: 'arn:aws:sqs:us-east-1:1:q', ApproximateNumberOfMessages: '2' },
    });

    await run();

    expect(said.join('\n')).toContain('8 events wait in the queues and go with them');
  });

  it('writes a template of what stays, with nothing but it, and the identifier of each', async () => {
    deletesTheStack();

    await run({ yes: true });

    const imported = parse(readFileSync(path.join(files, 'template.yaml'), 'utf8'), { logLevel: 'silent' });
    const list: { LogicalResourceId: string; ResourceIdentifier: unknown }[] = JSON.parse(
      readFileSync(path.join(files, 'resources.json'), 'utf8'),
    );
    expect(Object.keys(imported.Resources)).toEqual(list.map(({ LogicalResourceId }) => LogicalResourceId));
    expect(imported).not.toHaveProperty('Transform');
    expect(list.map(({ ResourceIdentifier }) => ResourceIdentifier)).toEqual([
      { TableName: 'table-of-ShipmentEventsTable' },
      { TableName: 'table-of-ShipmentsTable' },
      { TableName: 'table-of-ErrorEventsTable' },
      { KeyId: 'id-of-TopicKey' },
    ]);
  });

  it('deletes a stack that is not prod with --yes alone', async () => {
    deletesTheStack();

    await run({ yes: true });

    expect(deletions()).toBe(1);
    expect(said.at(-1)).toBe('logistics-event-processor-dev is deleted');
  });

  it.each([
    ['', 0],
    ['yes', 0],
    ['dev', 0],
    ['prod', 1],
  ])('deletes prod when its name is typed: %j', async (typed, expected) => {
    deletesTheStack();

    await run({ env: 'prod', yes: true, typed }).catch((error: Error) => said.push(error.message));

    expect(deletions()).toBe(expected);
    expect(said.at(-1)).toMatch(expected ? /is deleted/ : /nothing was deleted: that is not its name/);
  });

  it('tells how to import the tables of a stack that somebody has deleted', async () => {
    stacks.on(ListStackResourcesCommand).rejects(gone);

    await run({ env: 'prod' });

    const list = JSON.parse(readFileSync(path.join(files, 'resources.json'), 'utf8'));
    expect(list[0]).toEqual({
      ResourceType: 'AWS::DynamoDB::Table',
      LogicalResourceId: 'ShipmentEventsTable',
      ResourceIdentifier: { TableName: 'logistics-shipment-events-prod' },
    });
    expect(said.join('\n')).toMatch(/create-change-set .* --change-set-type IMPORT .*ParameterValue=prod/);
  });
});
