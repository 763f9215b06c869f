import { ResourceNotFoundException } from '@aws-sdk/client-eventbridge';
import { QueueDoesNotExist } from '@aws-sdk/client-sqs';
import { register } from '../../../../cli/commands/teardown';
import { askOnTerminal } from '../../../../cli/terminal/ask';
import { finishFirst } from '../../../../cli/terminal/ending';
import { QUEUED_FUNCTION_KEYS } from '../../../../contracts/functions';
import importTemplate from '../../../../import-template.json';
import { functionIds } from '../../../../template-src/logical-ids';
import { template } from '../../../../template-src/template';
import { type Answers, answering, throws } from '../answers';
import { jsonLines, run } from '../run';

jest.mock('../../../../cli/terminal/ask');
jest.mock('../../../../cli/terminal/ending');

const inState = (StackStatus: string, more: object = {}) => ({
  Stacks: [{ StackId: 'arn:stack', StackStatus, ...more }],
});

/** CloudFormation's answer once the stack is gone. */
const gone = throws(Object.assign(new Error('Stack with id s does not exist'), { name: 'ValidationError' }));

let answers: Answers;
const calls = answering(() => answers);

beforeEach(() => {
  answers = {
    DescribeStacks: inState('CREATE_COMPLETE'),
    ListStackResources: {
      StackResourceSummaries: Object.entries(template.Resources ?? {}).map(([id, { Type }]) => ({
        PhysicalResourceId: `id-of-${id}`,
        ResourceType: Type,
      })),
    },
    DeleteStack: () => {
      answers['DescribeStacks'] = gone;
      return {};
    },
    GetQueueUrl: ({ QueueName }) => ({ QueueUrl: `https://queue/${QueueName}` }),
    GetQueueAttributes: { Attributes: { QueueArn: 'arn:aws:sqs:us-east-1:1:q' } },
    GetMetricStatistics: {},
    DescribeTable: {},
    DescribeEventBus: {},
    DescribeArchive: {},
  };
  jest.mocked(finishFirst).mockReturnValue(new AbortController().signal);
});

/** What teardown says, the error that it ends with last, and the rows that it shows. */
async function teardown(...options: string[]) {
  const { stdout, stderr, message } = await run(register, 'teardown', '--json', ...options).catch((error) => error);
  const said = [...stderr.trim().split('\n'), ...(message ? [message] : [])];
  return { said, rows: jsonLines(stdout) };
}

const deletions = () => calls.filter(({ operation }) => operation === 'DeleteStack').length;

/** What the command of the import names: the resources, and the template if it is not the file. */
function importIn(said: readonly string[]) {
  const [, body = '', list = ''] =
    /--change-set-type IMPORT --template-body (\S+|'.*') --parameters .* --resources-to-import '(.*)'/.exec(
      said.join('\n'),
    ) ?? [];
  const resources: { LogicalResourceId: string }[] = JSON.parse(list);
  return { body, ids: resources.map(({ LogicalResourceId }) => LogicalResourceId) };
}

it('shows what stays, how many events wait there, and deletes nothing without --yes', async () => {
  answers['GetQueueAttributes'] = {
    Attributes: { QueueArn: 'arn:aws:sqs:us-east-1:1:q', ApproximateNumberOfMessages: '2' },
  };

  const { said, rows } = await teardown();

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
  expect(said.join('\n')).toContain(`${2 * (QUEUED_FUNCTION_KEYS.length + 1)} events wait in the queues, which stay`);
  expect(said.at(-1)).toMatch(/^nothing was deleted/);
  expect(deletions()).toBe(0);
});

it('shows how to import what stays, by commands that go where it went', async () => {
  const { said } = await teardown('--env', 'staging', '--profile', 'ops');

  const { body, ids } = importIn(said);
  expect(body).toBe('file://import-template.json');
  expect(ids).toEqual(Object.keys(importTemplate.Resources));
  expect(importTemplate).not.toHaveProperty('Transform');
  const commands = said.filter((line) => /^ {2}(aws|sam) /.test(line));
  expect(commands).toHaveLength(5);
  for (const command of commands) expect(command).toMatch(/ --profile ops$/);
});

it('imports the tables alone when a version that kept nothing else was deleted', async () => {
  const notOnEventBridge = throws(new ResourceNotFoundException({ message: 'no', $metadata: {} }));
  Object.assign(answers, {
    DescribeStacks: gone,
    GetQueueUrl: throws(new QueueDoesNotExist({ message: 'no', $metadata: {} })),
    DescribeEventBus: notOnEventBridge,
    DescribeArchive: notOnEventBridge,
  });

  const { body, ids } = importIn((await teardown('--yes')).said);

  const { Resources, Parameters } = JSON.parse(body.slice(1, -1).replaceAll(String.raw`'\''`, "'"));
  expect(ids).toEqual(['ShipmentEventsTable', 'ShipmentsTable', 'ErrorEventsTable']);
  expect([Object.keys(Resources), Parameters]).toEqual([ids, importTemplate.Parameters]);
  expect(deletions()).toBe(0);
});

it('does not take what it may not look at for deleted', async () => {
  answers['DescribeStacks'] = gone;
  answers['DescribeTable'] = throws(Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' }));

  expect((await teardown()).said.at(-1)).toBe('not authorized');
});

it('deletes no stack with termination protection, and says how to take it off', async () => {
  const Parameters = [{ ParameterKey: 'TableDeletionProtection', ParameterValue: 'true' }];
  answers['DescribeStacks'] = inState('CREATE_COMPLETE', { EnableTerminationProtection: true, Parameters });

  const { said } = await teardown('--env', 'prod', '--yes');

  expect(said.at(-2)).toMatch(/^its keys are protected .*TableDeletionProtection=false first/);
  expect(said.at(-1)).toContain(
    'aws cloudformation update-termination-protection --stack-name logistics-event-processor-prod --no-enable-termination-protection',
  );
  expect(deletions()).toBe(0);
});

it.each([
  ['dev', '', 1, 'logistics-event-processor-dev is deleted'],
  ['prod', '', 0, 'nothing was deleted: that is not its name'],
  ['prod', 'dev', 0, 'nothing was deleted: that is not its name'],
  ['prod', 'prod', 1, 'logistics-event-processor-prod is deleted'],
])('with --yes deletes %s when %j is typed, which prod alone asks for', async (env, typed, expected, end) => {
  jest.mocked(askOnTerminal).mockReset().mockResolvedValue(typed);

  expect((await teardown('--env', env, '--yes')).said.at(-1)).toBe(end);
  expect(deletions()).toBe(expected);
  expect(askOnTerminal).toHaveBeenCalledTimes(env === 'prod' ? 1 : 0);
});

it('deletes nothing once it is to end, as when its plan has no reader', async () => {
  jest.mocked(finishFirst).mockReturnValue(AbortSignal.abort());

  expect((await teardown('--yes')).said.at(-1)).toBe('nothing was deleted');
  expect(deletions()).toBe(0);
});

it('says in which state a stack is that could not be deleted', async () => {
  answers['DeleteStack'] = () => {
    answers['DescribeStacks'] = inState('DELETE_FAILED');
    return {};
  };

  expect((await teardown('--yes')).said.at(-1)).toMatch(
    /^logistics-event-processor-dev is not deleted: DELETE_FAILED; `aws cloudformation describe-stack-events /,
  );
});

it('says what keeps it from knowing whether the stack is deleted', async () => {
  jest.useFakeTimers();
  answers['DeleteStack'] = () => {
    answers['DescribeStacks'] = throws(new Error('The security token is expired'));
    return {};
  };

  try {
    const ended = teardown('--yes');
    await jest.advanceTimersByTimeAsync(1_000_000);
    expect((await ended).said.at(-1)).toBe('The security token is expired');
  } finally {
    jest.useRealTimers();
  }
});
