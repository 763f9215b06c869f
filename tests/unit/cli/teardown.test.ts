import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
  ListStackResourcesCommand,
  type StackStatus,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { teardown } from '../../../cli/commands/teardown';
import { targetOf } from '../../../cli/target';
import importTemplate from '../../../import-template.json';
import { template } from '../../../template-src/template';

const stacks = mockClient(CloudFormationClient);
const sqs = mockClient(SQSClient);
mockClient(CloudWatchClient).onAnyCommand().resolves({});

let said: string[];
let rows: Record<string, unknown>[];

const print = {
  where: (text: string) => void said.push(text),
  note: (text: string) => void said.push(text),
  rows: (results: readonly object[]) => void rows.push(...(results as Record<string, unknown>[])),
  result: () => undefined,
};

const physicalId = (id: string) => (id.endsWith('Table') ? `table-of-${id}` : `id-of-${id}`);

const inState = (StackStatus: StackStatus) => ({
  Stacks: [{ StackName: 's', StackId: 'arn:stack', CreationTime: new Date(), StackStatus }],
});

beforeEach(() => {
  [said, rows] = [[], []];
  stacks.reset();
  stacks.on(DescribeStacksCommand).resolves(inState('CREATE_COMPLETE'));
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

const run = (options: { env?: string; yes?: boolean; typed?: string; profile?: string } = {}) =>
  teardown(
    options.yes ?? false,
    targetOf({ env: options.env ?? 'dev', region: 'us-east-1' }, options.profile ? { profile: options.profile } : {}),
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
      'id-of-DataKey',
      'id-of-TopicKey',
    ]);
    expect(deletions()).toBe(0);
    expect(said.at(-1)).toMatch(/^nothing was deleted/);
  });

  it('says how many waiting events go', async () => {
    sqs.on(GetQueueAttributesCommand).resolves({
      Attributes: { QueueArn: 'arn:aws:sqs:us-east-1:1:q', ApproximateNumberOfMessages: '2' },
    });

    await run();

    expect(said.join('\n')).toContain('8 events wait in the queues and go with them');
  });

  it('shows how to import the tables with a template that has nothing else', async () => {
    await run({ env: 'staging' });

    const [, list = ''] = /--resources-to-import '([^']+)'/.exec(said.join('\n')) ?? [];
    expect(JSON.parse(list)).toEqual(
      ['ShipmentEvents', 'Shipments', 'ErrorEvents'].map((name) => ({
        ResourceType: 'AWS::DynamoDB::Table',
        LogicalResourceId: `${name}Table`,
        ResourceIdentifier: { TableName: expect.stringMatching(/^logistics-[a-z-]+-staging$/) },
      })),
    );
    expect(JSON.parse(list).map(({ LogicalResourceId }: { LogicalResourceId: string }) => LogicalResourceId)).toEqual(
      Object.keys(importTemplate.Resources),
    );
    expect(importTemplate).not.toHaveProperty('Transform');
  });

  it('shows commands that go where it went itself', async () => {
    await run({ profile: 'prod' });

    const commands = said.filter((line) => /^ {2}(aws|sam) /.test(line));
    expect(commands).toHaveLength(5);
    for (const command of commands) expect(command).toMatch(/ --profile prod$/);
  });

  it('deletes a stack that is not prod with --yes alone', async () => {
    deletesTheStack();

    await run({ yes: true });

    expect(deletions()).toBe(1);
    expect(said.at(-1)).toBe('logistics-event-processor-dev is deleted');
  });

  it('says in which state a stack is that could not be deleted', async () => {
    stacks
      .on(DeleteStackCommand)
      .callsFake(() => void stacks.on(DescribeStacksCommand).resolves(inState('DELETE_FAILED')));

    await expect(run({ yes: true })).rejects.toThrow(
      'logistics-event-processor-dev is not deleted: DELETE_FAILED; `aws cloudformation describe-stack-events',
    );
  });

  it('says what keeps it from knowing whether the stack is deleted', async () => {
    jest.useFakeTimers();
    stacks
      .on(DeleteStackCommand)
      .callsFake(() => void stacks.on(DescribeStacksCommand).rejects(new Error('The security token is expired')));

    try {
      const ended = expect(run({ yes: true })).rejects.toThrow('The security token is expired');
      await jest.advanceTimersByTimeAsync(1_000_000);
      await ended;
    } finally {
      jest.useRealTimers();
    }
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

    await run({ env: 'prod', yes: true });

    expect(said.join('\n')).toMatch(/create-change-set .*--change-set-type IMPORT .*logistics-shipment-events-prod/);
    expect(deletions()).toBe(0);
  });
});
