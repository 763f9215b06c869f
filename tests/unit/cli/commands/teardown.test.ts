import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
  ListStackResourcesCommand,
  type StackStatus,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeArchiveCommand,
  DescribeEventBusCommand,
  EventBridgeClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-eventbridge';
import { GetQueueAttributesCommand, GetQueueUrlCommand, QueueDoesNotExist, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { teardown } from '../../../../cli/commands/teardown';
import { targetOf } from '../../../../cli/target/target';
import { QUEUED_FUNCTION_KEYS } from '../../../../contracts/functions';
import importTemplate from '../../../../import-template.json';
import { functionIds } from '../../../../template-src/logical-ids';
import { template } from '../../../../template-src/template';

const stacks = mockClient(CloudFormationClient);
const sqs = mockClient(SQSClient);
const db = mockClient(DynamoDBClient);
const events = mockClient(EventBridgeClient);
mockClient(CloudWatchClient).onAnyCommand().resolves({});

let said: string[];
let rows: Record<string, unknown>[];

const print = {
  target: (text: string) => void said.push(text),
  note: (text: string) => void said.push(text),
  rows: (results: readonly object[]) => void rows.push(...(results as Record<string, unknown>[])),
  result: () => undefined,
};

const inState = (StackStatus: StackStatus, more: object = {}) => ({
  Stacks: [{ StackName: 's', StackId: 'arn:stack', CreationTime: new Date(), StackStatus, ...more }],
});

beforeEach(() => {
  [said, rows] = [[], []];
  for (const client of [stacks, sqs, db, events]) client.reset();
  stacks.on(DescribeStacksCommand).resolves(inState('CREATE_COMPLETE'));
  stacks.on(ListStackResourcesCommand).resolves({
    StackResourceSummaries: Object.entries(template.Resources ?? {}).map(([LogicalResourceId, { Type }]) => ({
      LogicalResourceId,
      PhysicalResourceId: `id-of-${LogicalResourceId}`,
      ResourceType: Type,
      LastUpdatedTimestamp: new Date(),
      ResourceStatus: 'CREATE_COMPLETE' as const,
    })),
  });
  sqs.on(GetQueueUrlCommand).callsFake(({ QueueName }) => ({ QueueUrl: `https://queue/${QueueName}` }));
  db.on(DescribeTableCommand).resolves({});
  events.on(DescribeEventBusCommand).resolves({}).on(DescribeArchiveCommand).resolves({});
  sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { QueueArn: 'arn:aws:sqs:us-east-1:1:q' } });
});

const run = (options: { env?: string; yes?: boolean; typed?: string; profile?: string; ending?: AbortSignal } = {}) =>
  teardown(
    options.yes ?? false,
    targetOf({ env: options.env ?? 'dev', region: 'us-east-1' }, options.profile ? { profile: options.profile } : {}),
    print,
    async () => options.typed ?? '',
    options.ending ?? new AbortController().signal,
  );

/** CloudFormation's answer once the stack is gone. */
const gone = Object.assign(new Error('Stack with id s does not exist'), { name: 'ValidationError' });

const deletesTheStack = () =>
  stacks.on(DeleteStackCommand).callsFake(() => void stacks.on(DescribeStacksCommand).rejects(gone));

const deletions = () => stacks.commandCalls(DeleteStackCommand).length;

describe('teardown', () => {
  it('shows what stays and deletes nothing without --yes', async () => {
    await run();

    expect(rows.filter(({ fate }) => fate === 'stays').map(({ what }) => what)).toEqual(
      [
        'ShipmentEventsTable',
        'ShipmentsTable',
        'ErrorEventsTable',
        'DataKey',
        'TopicKey',
        'EventBus',
        'Archive',
        'UnroutedQueue',
        ...QUEUED_FUNCTION_KEYS.map((key) => functionIds(key).queue),
      ].map((id) => `id-of-${id}`),
    );
    expect(deletions()).toBe(0);
    expect(said.at(-1)).toMatch(/^nothing was deleted/);
  });

  it('says how many waiting events stay', async () => {
    sqs.on(GetQueueAttributesCommand).resolves({
      Attributes: { QueueArn: 'arn:aws:sqs:us-east-1:1:q', ApproximateNumberOfMessages: '2' },
    });

    await run();

    expect(said.join('\n')).toContain(`${2 * (QUEUED_FUNCTION_KEYS.length + 1)} events wait in the queues, which stay`);
  });

  /** Names in the command of the import: the resources, and the template if it is not the file. */
  function shownImport() {
    const [, body = '', list = ''] =
      /--template-body (\S+|'.*') --parameters .* --resources-to-import '(.*)'/.exec(said.join('\n')) ?? [];
    const resources: { LogicalResourceId: string; ResourceIdentifier: object }[] = JSON.parse(list);
    const identifiers = resources.map((each) => [each.LogicalResourceId, each.ResourceIdentifier]);
    return { body, identifiers: Object.fromEntries(identifiers) };
  }

  it('shows how to import what stays, each as CloudFormation identifies its type', async () => {
    await run({ env: 'staging' });

    expect(shownImport()).toEqual({
      body: 'file://import-template.json',
      identifiers: {
        ShipmentEventsTable: { TableName: 'logistics-shipment-events-staging' },
        ShipmentsTable: { TableName: 'logistics-shipments-staging' },
        ErrorEventsTable: { TableName: 'logistics-error-events-staging' },
        EventBus: { Name: 'logistics-events-staging' },
        Archive: { ArchiveName: 'logistics-archive-staging' },
        UnroutedQueue: { QueueUrl: 'https://queue/logistics-unrouted-staging' },
        ...Object.fromEntries(
          QUEUED_FUNCTION_KEYS.map((key) => [
            functionIds(key).queue,
            { QueueUrl: `https://queue/logistics-${key}-dlq-staging` },
          ]),
        ),
      },
    });
    expect(importTemplate).not.toHaveProperty('Transform');
  });

  it('imports the tables alone when a version that kept nothing else was deleted', async () => {
    const notOnEventBridge = new ResourceNotFoundException({ message: 'no', $metadata: {} });
    stacks.on(DescribeStacksCommand).rejects(gone);
    sqs.on(GetQueueUrlCommand).rejects(new QueueDoesNotExist({ message: 'no', $metadata: {} }));
    events.on(DescribeEventBusCommand).rejects(notOnEventBridge).on(DescribeArchiveCommand).rejects(notOnEventBridge);

    await run();

    const { body, identifiers } = shownImport();
    const { Resources, Parameters } = JSON.parse(body.slice(1, -1).replaceAll(String.raw`'\''`, "'"));
    expect(Object.keys(identifiers)).toEqual(['ShipmentEventsTable', 'ShipmentsTable', 'ErrorEventsTable']);
    expect([Object.keys(Resources), Parameters]).toEqual([Object.keys(identifiers), importTemplate.Parameters]);
  });

  it('does not take what it may not look at for deleted', async () => {
    stacks.on(DescribeStacksCommand).rejects(gone);
    const denied = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
    db.on(DescribeTableCommand).rejects(denied);

    await expect(run()).rejects.toThrow(denied);
  });

  it('deletes no stack with termination protection, and says how to take it off', async () => {
    const ParameterValue = 'true';
    const Parameters = [{ ParameterKey: 'TableDeletionProtection', ParameterValue }];
    stacks
      .on(DescribeStacksCommand)
      .resolves(inState('CREATE_COMPLETE', { EnableTerminationProtection: true, Parameters }));

    await expect(run({ env: 'prod', yes: true, typed: 'prod' })).rejects.toThrow(
      'aws cloudformation update-termination-protection --stack-name logistics-event-processor-prod --no-enable-termination-protection',
    );
    expect(said.at(-1)).toMatch(/^its keys are protected .*TableDeletionProtection=false first/);
    expect(deletions()).toBe(0);
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

  it('deletes nothing once it is to end, as when its plan has no reader', async () => {
    await expect(run({ yes: true, ending: AbortSignal.abort() })).rejects.toThrow('nothing was deleted');

    expect(stacks.commandCalls(DeleteStackCommand)).toEqual([]);
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

  it('says how to import the tables of a stack that was deleted', async () => {
    stacks.on(DescribeStacksCommand).rejects(gone);

    await run({ env: 'prod', yes: true });

    expect(said.join('\n')).toMatch(/create-change-set .*--change-set-type IMPORT .*logistics-shipment-events-prod/);
    expect(deletions()).toBe(0);
  });
});
