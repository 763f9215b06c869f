/** Each role against what its function really does: every call of the built handlers, over every kind of event. */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  EVENT_FUNCTION_KEYS,
  FUNCTION_KEYS,
  type FunctionKey,
  recordsShipments,
  type ShipmentFunctionKey,
} from '../../../contracts/functions';
import { CONTRACTS } from '../../../contracts/generated/contracts';
import { APPLICATION, inEnvironment } from '../../../contracts/names';
import { signedBy } from '../../../local/carriers';
import { ENVIRONMENT } from '../../../local/deploy';
import { CREDENTIALS, REGION } from '../../../local/environment';
import type { LocalStack } from '../../../local/stack';
import { toAttributes } from '../../../src/adapters/attributes';
import { FUNCTION_FIGURES } from '../../../template-src/defaults';
import { functionIds } from '../../../template-src/logical-ids';
import { aShipmentEvent } from '../../support/builders/events';
import { aRow, aStreamRecord } from '../../support/builders/stream-records';
import { aCall, sampleBody } from '../../support/builders/webhook-calls';
import { EVENT_KINDS, type EventKind } from '../../support/faults/event-kinds';
import { Lambda } from '../../support/faults/lambda';
import { rendered } from '../../support/rendered';
import { startStack } from '../../support/stack';
import { type IamCall, iamCallsOf } from './calls';
import { Stack } from './resolved';

/** Permissions that no SDK call of ours uses, because a service acts with the function's role; and why. */
const BY_SERVICES: Readonly<Record<string, string>> = {
  'logs:CreateLogStream': 'Lambda writes the log',
  'logs:PutLogEvents': 'Lambda writes the log',
  'sqs:SendMessage': 'Lambda sends what the function gave up to its dead-letter queue (OnFailure)',
  'dynamodb:DescribeStream': 'Lambda reads the stream',
  'dynamodb:GetRecords': 'Lambda reads the stream',
  'dynamodb:GetShardIterator': 'Lambda reads the stream',
  'dynamodb:ListStreams': 'Lambda reads the stream',
  'kms:Decrypt': 'SNS encrypts what the function publishes',
  'kms:GenerateDataKey': 'SNS encrypts what the function publishes',
  'xray:PutTelemetryRecords': 'Lambda writes the traces',
  'xray:PutTraceSegments': 'Lambda writes the traces',
};

/** All shipment functions handle the same kinds, each under a detail-type of its own. */
const asOf =
  (key: ShipmentFunctionKey) =>
  (kind: EventKind): EventKind => {
    const [{ source, detailType }] = CONTRACTS[key];
    return { ...kind, key, event: (id) => ({ ...kind.event(id), source, 'detail-type': detailType }) };
  };

const OF_SHIPMENTS = EVENT_KINDS.filter(({ key }) => key === 'status-updater');
const OTHERS = EVENT_FUNCTION_KEYS.filter(recordsShipments).filter((key) => key !== 'status-updater');
const KINDS = [...EVENT_KINDS, ...OTHERS.flatMap((key) => OF_SHIPMENTS.map(asOf(key)))];

const made = Object.fromEntries(FUNCTION_KEYS.map((key) => [key, [] as IamCall[]])) as Record<FunctionKey, IamCall[]>;
let stack: LocalStack;

beforeAll(async () => {
  stack = await startStack();
  for (const key of FUNCTION_KEYS) await runEveryKind(key);
}, 300_000);

/** The function's own variables, as the template deployed them. */
async function environmentOf(key: FunctionKey): Promise<Record<string, string>> {
  const client = { endpoint: stack.endpoint, region: REGION, credentials: CREDENTIALS };
  const { Environment } = await new LambdaClient(client).send(
    new GetFunctionConfigurationCommand({ FunctionName: stack.outputs[`${functionIds(key).function}Name`] }),
  );
  return { ...Environment?.Variables, STALLED_AFTER_DAYS: '1', POWERTOOLS_LOG_LEVEL: 'SILENT' };
}

async function runEveryKind(key: FunctionKey): Promise<void> {
  const lambda = await Lambda.start(stack, await environmentOf(key), FUNCTION_FIGURES[key].timeout * 1_000);
  lambda.watch((call, body) => {
    made[key].push(...iamCallsOf(call, body));
  });
  if (key === 'stalled-shipments') {
    const timestamp = Date.now() - 1.5 * 86_400_000;
    const Item = toAttributes({ ...aRow(aShipmentEvent({ shipment_id: `privilege-${key}`, timestamp })) });
    await stack.db.send(new PutItemCommand({ TableName: stack.outputs['ShipmentsTableName'], Item }));
    await lambda.attempt(key, {}, 0);
    return;
  }
  if (key === 'status-publisher') {
    const change = aStreamRecord(aRow(aShipmentEvent()));
    const unreadable = aStreamRecord({ shipment_id: 'privilege', status: 'none of ours' });
    await lambda.attempt(key, { Records: [change, unreadable] }, 0);
    return;
  }
  if (key === 'carrier-webhook') {
    const known = sampleBody('aftership');
    for (const body of [known, known.replaceAll('"AttemptFail"', '"Teleported"')])
      await lambda.attempt(key, aCall('/aftership', body, signedBy('aftership', body)), 0);
    return;
  }
  for (const [index, kind] of KINDS.filter((each) => each.key === key).entries()) {
    const id = `privilege-${key}-${index}`;
    for (const event of kind.before(id)) await lambda.deliver(key, event);
    await lambda.deliver(key, kind.event(id), kind.fault);
  }
}

/** Of PutEvents: one source and one detail-type. */
interface Conditions {
  readonly StringEquals: Readonly<Record<'events:source' | 'events:detail-type', readonly string[]>>;
}

interface PolicyStatement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** The template with each parameter on that a role's permissions depend on. */
const template = new Stack(inEnvironment(APPLICATION, ENVIRONMENT), rendered, {
  EnvironmentSuffix: ENVIRONMENT,
  EnableXRay: 'true',
});

function statementsOf(key: FunctionKey): readonly PolicyStatement[] {
  const [{ PolicyDocument }] = template.properties(functionIds(key).role)['Policies'] as [
    { PolicyDocument: { Statement: readonly PolicyStatement[] } },
  ];
  return PolicyDocument.Statement;
}

const line = ({ action, resource }: Pick<IamCall, 'action' | 'resource'>) => `${action} ${resource}`;

const grantsOf = (key: FunctionKey) =>
  statementsOf(key).flatMap(({ Action, Resource }) =>
    [Action]
      .flat()
      .flatMap((action) => [Resource].flat().map((arn) => ({ action, resource: String(arn).replace(/^.*:/, '') }))),
  );

describe.each(FUNCTION_KEYS)('%s', (key) => {
  it('makes every call that its role allows, and no other', () => {
    const calls = grantsOf(key).filter(({ action }) => !(action in BY_SERVICES));
    expect([...new Set(made[key].map(line))].sort()).toEqual([...new Set(calls.map(line))].sort());
  });

  it('has the permissions that services need to act with its role', () => {
    const actions = new Set(grantsOf(key).map(({ action }) => action));
    const readsStream = key === 'status-publisher';
    const isCalled = key === 'carrier-webhook';
    const needed = Object.keys(BY_SERVICES).filter((action) => {
      // Neither a stream's function nor a function URL's publishes to a topic.
      if (action.startsWith('kms:')) return !readsStream && !isCalled;
      if (action.startsWith('sqs:')) return !isCalled;
      return action.startsWith('dynamodb:') ? readsStream : true;
    });
    expect(needed.filter((action) => !actions.has(action))).toEqual([]);
  });

  it('puts no other events on the bus than its role allows', () => {
    const put = made[key].flatMap(({ entry }) => (entry ? [`${entry.source} ${entry.detailType}`] : []));
    const allowed = statementsOf(key)
      .filter(({ Action }) => Action === 'events:PutEvents')
      .map(({ Condition }) => {
        const { 'events:source': sources, 'events:detail-type': detailTypes } = (Condition as Conditions).StringEquals;
        return `${sources} ${detailTypes}`;
      });
    expect([...new Set(put)].sort()).toEqual(allowed.sort());
  });
});

it('the notification handler puts nothing on the bus: an error about an error event must not become one', () => {
  expect(made['notification-handler'].some(({ action }) => action.startsWith('events:'))).toBe(false);
});
