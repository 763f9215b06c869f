import { type AttributeValue, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { EventFunctionKey } from '../../../contracts/functions';
import { isObject } from '../../../src/domain/json';
import type { LambdaHandler } from '../../../src/runtime/event-handler';
import { db } from '../../support/builders/handlers';
import { aContext } from '../../support/builders/lambda';

type Row = Readonly<Record<string, AttributeValue>>;

/** Result of one event by one version of the functions: the rows that later versions find. */
export interface Handled {
  readonly key: EventFunctionKey;
  readonly event: unknown;
  /** As stored, without what the clock and the invocation decide. */
  readonly log?: Row;
  readonly status?: Row;
  /** The row of its failure. */
  readonly error?: Row;
}

const itemOf = (table: string) =>
  db
    .commandCalls(PutItemCommand)
    .map(({ args }) => args[0].input)
    .find(({ TableName }) => TableName === table)?.Item;

/** Hands an event to its function, while AWS does what it is asked. */
export async function handle(handler: LambdaHandler, key: EventFunctionKey, event: unknown): Promise<Handled> {
  await handler(event, aContext()).catch(() => undefined);
  const { process_result: _, lease: __, ...log } = itemOf('events') ?? {};
  const status = itemOf('shipments');
  const [recorded] = db
    .commandCalls(UpdateItemCommand)
    .map(({ args }) => args[0].input)
    .filter(({ TableName }) => TableName === 'errors');
  return {
    key,
    event,
    ...(isObject(log) && Object.keys(log).length > 0 && { log }),
    ...(status && { status }),
    ...(recorded?.Key && { error: recorded.Key }),
  };
}
