/** Compares each role with the calls of the built handlers over every kind of event. */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
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
import type { Call } from '../../../local/faults/fault-proxy';
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
import { Stack } from './resolved';

/** Permissions that services use with the function's role. tests/template/rules/permissions.ts requires them. */
const BY_SERVICES: Readonly<Record<string, string>> = {
  'logs:CreateLogStream': 'Lambda writes the log',
  'logs:PutLogEvents': 'Lambda writes the log',
  'sqs:SendMessage': 'Lambda sends failed events to the dead-letter queue',
  'dynamodb:DescribeStream': 'Lambda reads the stream',
  'dynamodb:GetRecords': 'Lambda reads the stream',
  'dynamodb:GetShardIterator': 'Lambda reads the stream',
  'dynamodb:ListStreams': 'Lambda reads the stream',
  'kms:Decrypt': 'SNS encrypts what the function publishes',
  'kms:GenerateDataKey': 'SNS encrypts what the function publishes',
  'xray:PutTelemetryRecords': 'Lambda writes the traces',
  'xray:PutTraceSegments': 'Lambda writes the traces',
};

/** The same kind for another shipment function, with its detail-type. */
const asOf =
  (key: ShipmentFunctionKey) =>
  (kind: EventKind): EventKind => {
    const [{ source, detailType }] = CONTRACTS[key];
    return { ...kind, key, event: (id) => ({ ...kind.event(id), source, 'detail-type': detailType }) };
  };

const OF_SHIPMENTS = EVENT_KINDS.filter(({ key }) => key === 'status-updater');
const OTHERS = EVENT_FUNCTION_KEYS.filter(recordsShipments).filter((key) => key !== 'status-updater');
const KINDS = [...EVENT_KINDS, ...OTHERS.flatMap((key) => OF_SHIPMENTS.map(asOf(key)))];

/** `dynamodb:PutItem table/logistics-shipments-dev`; a PutEvents call also has source and detail-type. */
const calls = Object.fromEntries(FUNCTION_KEYS.map((key) => [key, new Set()])) as Record<FunctionKey, Set<string>>;
let stack: LocalStack;

beforeAll(async () => {
  stack = await startStack();
  for (const key of FUNCTION_KEYS) await runEveryKind(key);
}, 300_000);

interface JsonRequest {
  readonly TableName?: string;
  readonly IndexName?: string;
  /** A parameter of Systems Manager. */
  readonly Name?: string;
  readonly Entries?: readonly { EventBusName: string; Source: string; DetailType: string }[];
}

/** Resources of a request, by the last part of their ARN: one for each entry of PutEvents, otherwise one. */
function resourcesOf({ service, label }: Pick<Call, 'service' | 'label'>, body: string): string[] {
  if (service === 'sns') {
    // Priming opens a connection by a request without an action.
    if (body === '') return [];
    const topic = new URLSearchParams(body).get('TopicArn');
    if (topic) return [topic.replace(/^.*:/, '')];
  } else {
    const { TableName, IndexName, Name, Entries = [] } = JSON.parse(body) as JsonRequest;
    if (TableName) return [`table/${TableName}${IndexName ? `/index/${IndexName}` : ''}`];
    if (service === 'ssm' && Name) return [`parameter${Name}`];
    if (Entries.length > 0)
      return Entries.map(({ EventBusName, Source, DetailType }) => `event-bus/${EventBusName} ${Source} ${DetailType}`);
  }
  throw new Error(`no resource is known for ${label}: ${body}`);
}

async function runEveryKind(key: FunctionKey): Promise<void> {
  const lambda = await Lambda.start(stack, {}, FUNCTION_FIGURES[key].timeout * 1_000);
  lambda.watch((call, body) => {
    const action = call.label.split(' ')[1];
    for (const resource of resourcesOf(call, body.toString())) calls[key].add(`${call.service}:${action} ${resource}`);
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
  for (const [index, kind] of KINDS.filter((candidate) => candidate.key === key).entries()) {
    const id = `privilege-${key}-${index}`;
    for (const event of kind.before(id)) await lambda.deliver(key, event);
    await lambda.deliver(key, kind.event(id), kind.fault);
  }
}

/** The template with the parameters on that add to a role's permissions. */
const template = new Stack(inEnvironment(APPLICATION, ENVIRONMENT), rendered, {
  EnvironmentSuffix: ENVIRONMENT,
  EnableXRay: 'true',
});

interface PolicyStatement {
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  /** PutEvents has a condition on one source and one detail-type. */
  readonly Condition?: {
    readonly StringEquals: Readonly<Record<'events:source' | 'events:detail-type', readonly string[]>>;
  };
}

/** Permissions of a role, in the form of {@link calls}. */
function grantsOf(key: FunctionKey): string[] {
  const [{ PolicyDocument }] = template.properties(functionIds(key).role)['Policies'] as [
    { PolicyDocument: { Statement: readonly PolicyStatement[] } },
  ];
  return PolicyDocument.Statement.flatMap(({ Action, Resource, Condition }) => {
    const conditions = Condition ? Object.values(Condition.StringEquals) : [];
    const resources = [Resource].flat().map((arn) => [arn.replace(/^.*:/, ''), ...conditions].join(' '));
    return [Action].flat().flatMap((action) => resources.map((resource) => `${action} ${resource}`));
  });
}

describe.each(FUNCTION_KEYS)('%s', (key) => {
  it('makes every call that its role allows, and no other', () => {
    const grants = grantsOf(key).filter((grant) => !(grant.replace(/ .*/, '') in BY_SERVICES));
    expect([...calls[key]].sort()).toEqual([...new Set(grants)].sort());
  });
});
