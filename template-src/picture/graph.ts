/** The pipeline as a graph, derived from the template: which resource passes events to which. */
import type Resource from 'cloudform-types/types/resource';
import type Template from 'cloudform-types/types/template';
import { FUNCTION_KEYS, type FunctionKey } from '../../contracts/functions';
import { CONTRACTS } from '../../contracts/generated/contracts';
import { CORRECTED } from '../../contracts/shipment-events';
import { STATUSES, statusRule } from '../../contracts/statuses';
import { UserError } from '../../lib/user-error.mjs';
import { BUS_ID, functionIds } from '../logical-ids';
import { TABLE_IDS } from '../storage/tables';

const KINDS: Readonly<Record<string, NodeKind>> = {
  'AWS::Events::EventBus': 'bus',
  'AWS::Events::Archive': 'archive',
  'AWS::Events::Rule': 'rule',
  'AWS::Serverless::Function': 'function',
  'AWS::DynamoDB::Table': 'table',
  'AWS::SNS::Topic': 'topic',
  'AWS::SQS::Queue': 'queue',
};

export type NodeKind = 'bus' | 'archive' | 'rule' | 'schedule' | 'function' | 'table' | 'topic' | 'queue';

export interface PictureNode {
  /** The logical id. */
  readonly id: string;
  readonly kind: NodeKind;
  /** Without the environment: `logistics-events`. */
  readonly name: string;
  /** Its purpose: the description of the output that names it. */
  readonly note?: string;
  /** Has a public address. */
  readonly isPublic: boolean;
}

export interface PictureEdge {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
  /** Used only for failures. */
  readonly onFailure: boolean;
}

export interface Picture {
  readonly nodes: readonly PictureNode[];
  readonly edges: readonly PictureEdge[];
}

/** A resource's name as pictures show it. */
export const shortName = (name: string) => name.replace(/^logistics-/, '');

type Resources = Readonly<Record<string, Resource>>;

/** `!Ref x` or `!GetAtt x.y` in the rendered template. */
interface Reference {
  readonly Ref?: string;
  readonly 'Fn::GetAtt'?: readonly [id: string, attribute: string];
}

/** The logical id in a reference, for an alias (`x.Alias`) the function's; undefined for another value. */
const idOf = (reference: Reference | undefined): string | undefined =>
  reference?.Ref?.replace(/\.Alias$/, '') ?? reference?.['Fn::GetAtt']?.[0];

/** A resource's name without the environment: `logistics-events`. */
function nameOf(properties: object): string {
  const isName = (property: string) => /^(Function|Table|Topic|Queue|Archive)?Name$/.test(property);
  const [, name] = Object.entries(properties).find(([property]) => isName(property)) ?? [];
  return name['Fn::Sub'].replace('-${EnvironmentSuffix}', '');
}

/** @throws for a target of a type that the picture cannot draw */
export function pictureOf(template: Template): Picture {
  const resources: Resources = rendered(template.Resources);
  const outputs: readonly { Description: string; Value: Reference }[] = Object.values(rendered(template.Outputs));
  const withUrl = new Set(Object.values(resources).map(({ Properties }) => idOf(Properties?.['TargetFunctionArn'])));
  const nodes = Object.entries(resources).flatMap(([id, { Type, Properties = {} }]) => {
    const kind = Properties['ScheduleExpression'] ? 'schedule' : KINDS[Type];
    const note = outputs.find(({ Value }) => idOf(Value) === id)?.Description;
    return kind ? [{ id, kind, name: nameOf(Properties), ...(note && { note }), isPublic: withUrl.has(id) }] : [];
  });
  const edges = [...busEdges(resources), ...FUNCTION_KEYS.flatMap((key) => functionEdges(key, resources))];
  const drawn = new Set(nodes.map(({ id }) => id));
  const undrawn = edges.find(({ from, to }) => !drawn.has(from) || !drawn.has(to));
  if (undrawn)
    throw new UserError(
      `the picture cannot draw ${undrawn.from} -> ${undrawn.to}: add the type of both to KINDS in template-src/picture/graph.ts`,
    );
  return { nodes, edges };
}

/** A part of the template as plain data, with each intrinsic function in its JSON form. */
const rendered = (part: object | undefined) => JSON.parse(JSON.stringify(part ?? {}));

/** @throws UserError for a value that is not a reference */
const target = (reference: Reference | undefined) => {
  const id = idOf(reference);
  if (id === undefined)
    throw new UserError(
      `the picture cannot follow ${JSON.stringify(reference)}: use a Ref or an Arn there, or teach template-src/picture/graph.ts to follow it`,
    );
  return id;
};

/** From the bus to the archive and the rules, and from the rules to their targets. */
function busEdges(resources: Resources): PictureEdge[] {
  return Object.entries(resources).flatMap(([id, { Type, Properties = {} }]) => {
    if (KINDS[Type] === 'archive') return [{ from: target(Properties['SourceArn']), to: id, onFailure: false }];
    if (KINDS[Type] !== 'rule') return [];
    const ruleTargets: { Arn: Reference; DeadLetterConfig?: { Arn: Reference } }[] = Properties['Targets'];
    const edges = ruleTargets.flatMap(({ Arn, DeadLetterConfig }) => [
      { from: id, to: target(Arn), onFailure: false },
      ...(DeadLetterConfig
        ? [{ from: id, to: target(DeadLetterConfig.Arn), label: 'undeliverable', onFailure: true }]
        : []),
    ]);
    if (Properties['ScheduleExpression']) return edges;
    return [{ from: target(Properties['EventBusName']), to: id, onFailure: false }, ...edges];
  });
}

/** Actions by which a function passes something on. */
const WRITES = new Set<unknown>(['dynamodb:PutItem', 'dynamodb:UpdateItem', 'sns:Publish', 'events:PutEvents']);

/** To what a function's role lets it write and to its dead-letter queue, and from its stream to the function. */
function functionEdges(key: FunctionKey, resources: Resources): PictureEdge[] {
  const ids = functionIds(key);
  const from = ids.function;
  const [policy] = resources[ids.role]?.Properties?.['Policies'] ?? [];
  const statements: { Action?: string | string[]; Resource?: Reference | Reference[] }[] =
    policy.PolicyDocument.Statement;
  const written = statements
    .filter(({ Action }) => [Action].flat().some((action) => WRITES.has(action)))
    .flatMap(({ Resource }) => [Resource].flat().map(target));
  const stream = resources[ids.mapping]?.Properties;
  const destinations = (resources[from]?.Properties?.['EventInvokeConfig'] ?? stream)?.DestinationConfig;
  return [
    ...(stream ? [{ from: target(stream['EventSourceArn']), to: from, label: 'changes', onFailure: false }] : []),
    ...[...new Set(written)].map((to) => ({ from, to, ...occasion(key, to, resources[to]?.Type) })),
    ...(destinations
      ? [{ from, to: target(destinations.OnFailure.Destination), label: 'retries exhausted', onFailure: true }]
      : []),
  ];
}

const NOTIFYING = STATUSES.filter((status) => statusRule(status).notifies);

/** When a function writes to a resource: a label, or none for always. */
function occasion(key: FunctionKey, to: string, type = ''): Pick<PictureEdge, 'label' | 'onFailure'> {
  if (key === 'notification-handler') return { onFailure: false };
  if (key === 'carrier-webhook') return { label: "carriers' events", onFailure: false };
  if (key === 'status-publisher' && to === BUS_ID) return { label: 'status changes', onFailure: false };
  if (key === 'stalled-shipments') return { label: 'stalled shipments', onFailure: false };
  if (to === BUS_ID || to === TABLE_IDS.errorEvents) return { label: 'failures', onFailure: true };
  if (key === 'status-publisher' || KINDS[type] !== 'topic') return { onFailure: false };
  const corrections = CONTRACTS[key].some(({ detailType }) => detailType === CORRECTED) ? ['corrections'] : [];
  return { label: [...NOTIFYING, ...corrections].join(', '), onFailure: false };
}
