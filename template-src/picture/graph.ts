/** The pipeline as a graph, read off the template: who hands events to whom. Nothing in it is drawn by hand. */
import type Template from 'cloudform-types/types/template';
import { type EventFunctionKey, FUNCTION_KEYS, type FunctionKey } from '../../contracts/functions';
import { CONTRACTS } from '../../contracts/generated/contracts';
import { CORRECTED } from '../../contracts/shipment-events';
import { STATUSES, statusRule } from '../../contracts/statuses';
import { BUS_ID, functionIds } from '../logical-ids';
import { TABLE_IDS } from '../storage/tables';
import { idOf, nameOf, type PlainTemplate, plainTemplate } from './plain-template';

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
  /** Taken only when something went wrong. */
  readonly onFailure: boolean;
}

export interface Picture {
  readonly nodes: readonly PictureNode[];
  readonly edges: readonly PictureEdge[];
}

/** A resource's name as pictures show it. */
export const shortName = (name: string) => name.replace(/^logistics-/, '');

/** @throws when an event goes somewhere that the picture cannot draw */
export function pictureOf(template: Template): Picture {
  const plain = plainTemplate(template);
  const addressed = new Set(
    Object.values(plain.Resources).map(({ Properties }) => idOf(Properties?.TargetFunctionArn)),
  );
  const nodes = Object.entries(plain.Resources).flatMap(([id, { Type, Properties }]) => {
    // A rule with a schedule takes nothing from a bus.
    const kind = Properties.ScheduleExpression ? 'schedule' : KINDS[Type];
    const note = Object.values(plain.Outputs).find(({ Value }) => idOf(Value) === id)?.Description;
    return kind ? [{ id, kind, name: nameOf(Properties), ...(note && { note }), isPublic: addressed.has(id) }] : [];
  });
  const edges = [...busEdges(plain), ...FUNCTION_KEYS.flatMap((key) => functionEdges(key, plain))];
  const known = new Set(nodes.map(({ id }) => id));
  const lost = edges.find(({ from, to }) => !known.has(from) || !known.has(to));
  if (lost) throw new Error(`the picture cannot draw ${lost.from} -> ${lost.to}: teach template-src/picture its type`);
  return { nodes, edges };
}

/** @throws when it is no reference: the template says nothing about where events go */
const target = (reference: Parameters<typeof idOf>[0]) => {
  const id = idOf(reference);
  if (id === undefined) throw new Error('the picture needs !Ref or !GetAtt wherever an event goes');
  return id;
};

/** From the bus to the archive and the rules, and from those to their targets. */
function busEdges({ Resources }: PlainTemplate): PictureEdge[] {
  return Object.entries(Resources).flatMap(([id, { Type, Properties }]) => {
    if (KINDS[Type] === 'archive') return [{ from: target(Properties.SourceArn), to: id, onFailure: false }];
    if (KINDS[Type] !== 'rule') return [];
    const targets = (Properties.Targets ?? []).flatMap(({ Arn, DeadLetterConfig }) => [
      { from: id, to: target(Arn), onFailure: false },
      ...(DeadLetterConfig
        ? [{ from: id, to: target(DeadLetterConfig.Arn), label: 'undeliverable', onFailure: true }]
        : []),
    ]);
    if (Properties.ScheduleExpression) return targets;
    return [{ from: target(Properties.EventBusName), to: id, onFailure: false }, ...targets];
  });
}

/** The actions by which a function hands something on. */
const WRITES = new Set<unknown>(['dynamodb:PutItem', 'dynamodb:UpdateItem', 'sns:Publish', 'events:PutEvents']);

/** What a function's role lets it write, what its stream hands to it, and where Lambda puts what failed. */
function functionEdges(key: FunctionKey, { Resources }: PlainTemplate): PictureEdge[] {
  const ids = functionIds(key);
  const from = ids.function;
  if (!Resources[from]) throw new Error(`${key} is not in template-src/functions/functions.ts`);
  const { Role, EventInvokeConfig } = Resources[from]?.Properties ?? {};
  const statements = Resources[target(Role)]?.Properties.Policies?.flatMap(
    ({ PolicyDocument }) => PolicyDocument.Statement,
  );
  const written = (statements ?? [])
    .filter(({ Action }) => [Action].flat().some((action) => WRITES.has(action)))
    .flatMap(({ Resource }) => [Resource].flat().map(target));
  const stream = Resources[ids.mapping]?.Properties;
  const destinations = EventInvokeConfig?.DestinationConfig ?? stream?.DestinationConfig;
  return [
    ...(stream ? [{ from: target(stream.EventSourceArn), to: from, label: 'changes', onFailure: false }] : []),
    ...[...new Set(written)].map((to) => ({ from, to, ...occasion(key, to, Resources[to]?.Type) })),
    ...(destinations
      ? [{ from, to: target(destinations.OnFailure.Destination), label: 'retries exhausted', onFailure: true }]
      : []),
  ];
}

const NOTIFYING = STATUSES.filter((status) => statusRule(status).notifies);

const notificationsOf = (key: EventFunctionKey) =>
  [...NOTIFYING, ...(CONTRACTS[key].some(({ detailType }) => detailType === CORRECTED) ? ['corrections'] : [])].join(
    ', ',
  );

/** Functions that record shipments send notifications about some statuses, and reach the bus and the error table when they fail. */
function occasion(key: FunctionKey, to: string, type = ''): Pick<PictureEdge, 'label' | 'onFailure'> {
  if (key === 'notification-handler') return { onFailure: false };
  if (key === 'carrier-webhook') return { label: "carriers' events", onFailure: false };
  if (key === 'status-publisher' && to === BUS_ID) return { label: 'status changes', onFailure: false };
  if (key === 'stalled-shipments') return { label: 'stalled shipments', onFailure: false };
  if (to === BUS_ID || to === TABLE_IDS.errorEvents) return { label: 'failures', onFailure: true };
  if (key === 'status-publisher' || KINDS[type] !== 'topic') return { onFailure: false };
  return { label: notificationsOf(key), onFailure: false };
}
