import { askOnTerminal } from '../../../../cli/terminal/ask';
import { finishFirst } from '../../../../cli/terminal/ending';
import { QUEUED_FUNCTION_KEYS } from '../../../../contracts/functions';
import importTemplate from '../../../../import-template.json';
import { functionIds } from '../../../../template-src/logical-ids';
import { template } from '../../../../template-src/template';
import { type Answers, answers, awsError, inputsOf } from '../mocked-aws';
import { run } from '../run';

jest.mock('../../../../cli/terminal/ask');
jest.mock('../../../../cli/terminal/ending');

const inState = (StackStatus: string, settings: object = {}) => ({
  Stacks: [{ StackId: 'arn:stack', StackStatus, ...settings }],
});

const DELETED = awsError('ValidationError', 'Stack with id s does not exist');

beforeEach(() => {
  Object.assign(answers, {
    DescribeStacks: inState('CREATE_COMPLETE'),
    ListStackResources: {
      StackResourceSummaries: Object.entries(template.Resources ?? {}).map(([id, { Type }]) => ({
        PhysicalResourceId: `id-of-${id}`,
        ResourceType: Type,
      })),
    },
    DeleteStack: () => {
      answers['DescribeStacks'] = DELETED;
      return {};
    },
    GetQueueUrl: ({ QueueName }) => ({ QueueUrl: `https://queue/${QueueName}` }),
    GetQueueAttributes: { Attributes: { QueueArn: 'arn:aws:sqs:us-east-1:1:q' } },
    DescribeArchive: {},
  } satisfies Answers);
  jest.mocked(finishFirst).mockReturnValue(new AbortController().signal);
});

/** Lines on stderr, with the message of the error at the end, and rows on stdout. */
async function teardown(...options: string[]) {
  const { rows, stderr, message } = await run('teardown --json', ...options).catch((error) => error);
  const lines: string[] = [...stderr.trim().split('\n'), ...(message ? [message] : [])];
  return { lines, rows: rows as { fate: string; what: string }[] };
}

const deletions = () => inputsOf('DeleteStack').length;

/** Template and resources of the suggested import command. */
function importIn(lines: readonly string[]) {
  const [, body = '', list = ''] =
    /--change-set-type IMPORT --template-body (\S+|'.*') --parameters .* --resources-to-import '(.*)'/.exec(
      lines.join('\n'),
    ) ?? [];
  const resources: { LogicalResourceId: string }[] = JSON.parse(list);
  return { body, ids: resources.map(({ LogicalResourceId }) => LogicalResourceId) };
}

it('shows the resources that stay and how many events wait in them, and deletes nothing without --yes', async () => {
  answers['GetQueueAttributes'] = {
    Attributes: { QueueArn: 'arn:aws:sqs:us-east-1:1:q', ApproximateNumberOfMessages: '2' },
  };

  const { lines, rows } = await teardown();

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
  expect(lines.join('\n')).toContain(`${2 * (QUEUED_FUNCTION_KEYS.length + 1)} events wait in the queues, which stay`);
  expect(lines.at(-1)).toMatch(/^nothing was deleted/);
  expect(deletions()).toBe(0);
});

it('shows commands that import the remaining resources, with the options of its own target', async () => {
  const { lines } = await teardown('--env', 'staging', '--profile', 'ops');

  const { body, ids } = importIn(lines);
  expect(body).toBe('file://import-template.json');
  expect(ids).toEqual(Object.keys(importTemplate.Resources));
  expect(importTemplate).not.toHaveProperty('Transform');
  const commands = lines.filter((line) => /^ {2}(aws|sam) /.test(line));
  expect(commands).toHaveLength(5);
  for (const command of commands) expect(command).toMatch(/ --profile ops$/);
});

it('imports only the tables when the deleted version kept nothing else', async () => {
  Object.assign(answers, {
    DescribeStacks: DELETED,
    GetQueueUrl: awsError('QueueDoesNotExist'),
    DescribeEventBus: awsError('ResourceNotFoundException'),
    DescribeArchive: awsError('ResourceNotFoundException'),
  });

  const { body, ids } = importIn((await teardown('--yes')).lines);

  const { Resources, Parameters } = JSON.parse(body.slice(1, -1).replaceAll(String.raw`'\''`, "'"));
  expect(ids).toEqual(['ShipmentEventsTable', 'ShipmentsTable', 'ErrorEventsTable']);
  expect([Object.keys(Resources), Parameters]).toEqual([ids, importTemplate.Parameters]);
  expect(deletions()).toBe(0);
});

it('does not report a table as deleted when it lacks the permission to describe it', async () => {
  answers['DescribeStacks'] = DELETED;
  answers['DescribeTable'] = awsError('AccessDeniedException', 'not authorized');

  expect((await teardown()).lines.at(-1)).toBe('not authorized');
});

it('deletes no stack with termination protection, and suggests how to turn the protection off', async () => {
  const Parameters = [{ ParameterKey: 'TableDeletionProtection', ParameterValue: 'true' }];
  answers['DescribeStacks'] = inState('CREATE_COMPLETE', { EnableTerminationProtection: true, Parameters });

  const { lines } = await teardown('--env', 'prod', '--yes');

  expect(lines.at(-2)).toMatch(/^its keys are protected .*TableDeletionProtection=false first/);
  expect(lines.at(-1)).toContain(
    'aws cloudformation update-termination-protection --stack-name logistics-event-processor-prod --no-enable-termination-protection',
  );
  expect(deletions()).toBe(0);
});

it.each([
  ['dev', '', 1, 'logistics-event-processor-dev is deleted'],
  ['prod', '', 0, 'nothing was deleted: that is not its name'],
  ['prod', 'dev', 0, 'nothing was deleted: that is not its name'],
  ['prod', 'prod', 1, 'logistics-event-processor-prod is deleted'],
])(
  'with --yes in %s asks for the name only in prod, and refuses another than its own (%j)',
  async (env, typed, expected, end) => {
    jest.mocked(askOnTerminal).mockReset().mockResolvedValue(typed);

    expect((await teardown('--env', env, '--yes')).lines.at(-1)).toBe(end);
    expect(deletions()).toBe(expected);
    expect(askOnTerminal).toHaveBeenCalledTimes(env === 'prod' ? 1 : 0);
  },
);

it('deletes nothing when its plan has no reader', async () => {
  jest.mocked(finishFirst).mockReturnValue(AbortSignal.abort());

  expect((await teardown('--yes')).lines.at(-1)).toBe('nothing was deleted');
  expect(deletions()).toBe(0);
});

it('names the state of a stack that could not be deleted', async () => {
  answers['DeleteStack'] = () => {
    answers['DescribeStacks'] = inState('DELETE_FAILED');
    return {};
  };

  expect((await teardown('--yes')).lines.at(-1)).toMatch(
    /^logistics-event-processor-dev is not deleted: DELETE_FAILED; `aws cloudformation describe-stack-events /,
  );
});
