import { Console } from 'node:console';
import { Writable } from 'node:stream';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { Context } from 'aws-lambda';
import type { EventContract } from '../../contracts/define-event';
import { type EventFunctionKey, functionName as nameOf } from '../../contracts/functions';
import { inEnvironment } from '../../contracts/names';
import { type AwsClients, awsClients } from './aws-clients';
import { type EventHandler, eventHandler, type LambdaHandler } from './event-handler';
import { RESERVE_MS } from './invocation';
import { type Telemetry, telemetry } from './telemetry';

/** Milliseconds that priming may take. */
const LIMIT_MS = 800;

/** Time for the handler to stop itself after {@link LIMIT_MS}. */
const CONTEXT = { awsRequestId: 'priming', getRemainingTimeInMillis: () => LIMIT_MS + RESERVE_MS } as Context;

/** Accepted by each function's ordinary contract, at any time that a clock can show. */
const EVENT = {
  id: 'priming',
  time: '2000-01-01T00:00:00Z',
  detail: {
    shipment_id: 'priming',
    status: 'in_transit',
    metadata: { carrier: 'priming', estimated_days: 1 },
    error_type: 'priming',
    error_message: 'priming',
  },
};

/** A condition that holds of no item. */
const NEVER = 'attribute_exists(primed) AND attribute_not_exists(primed)';

/** AWS and the log, as a handler reaches them. */
export interface Outside extends AwsClients {
  readonly telemetry: Telemetry;
}

interface LambdaFunction<C extends EventContract> {
  readonly key: EventFunctionKey;
  readonly environment: string;
  readonly contracts: readonly C[];
  /** The contract of the events that this function mostly handles. */
  readonly ordinary: C;
}

/**
 * A handler, and its rehearsal. Lambda gives a start a whole processor, and an event its memory's share of one. So `prime` has the handler's
 * own code run once, and its connections opened, while that is still cheap (docs/decisions/0018). It handles an event that can write and
 * publish nothing, takes less than a second, and never fails.
 */
export function primable<C extends EventContract>(
  { key, environment, contracts, ordinary }: LambdaFunction<C>,
  workWith: (outside: Outside) => Pick<EventHandler<C>, 'run' | 'recordFailure'>,
): { readonly handler: LambdaHandler; prime(): Promise<void> } {
  const functionName = inEnvironment(nameOf(key), environment);
  const handlerWith = (outside: Outside, further?: { recordFailure(): Promise<void> }) =>
    eventHandler({ functionName, contracts, telemetry: outside.telemetry, ...workWith(outside), ...further });
  const clients = awsClients();
  return {
    handler: handlerWith({ ...clients, telemetry: telemetry(key, environment) }),
    async prime() {
      try {
        const outside = { ...rehearsing(clients), telemetry: telemetry(key, environment, nowhere()) };
        const event = { ...EVENT, source: ordinary.source, 'detail-type': ordinary.detailType };
        await handlerWith(outside, { recordFailure: async () => undefined })(event, CONTEXT);
      } catch {
        // The first event will meet the same failure, and report it.
      }
    },
  };
}

/** Clients with the same connections, whose requests are tried once and refused, and the refusals read as success. */
function rehearsing(real: AwsClients): AwsClients {
  const db = shadowOf(real.db);
  db.middlewareStack.add(
    (next) => (args) => {
      const { ConditionExpression: own } = args.input as { ConditionExpression?: string };
      return next({ ...args, input: { ...args.input, ConditionExpression: own ? `(${own}) AND ${NEVER}` : NEVER } });
    },
    { step: 'initialize' },
  );
  db.middlewareStack.add(readAsSuccess, { step: 'deserialize', priority: 'low' });
  return {
    db,
    sns() {
      const sns = shadowOf(real.sns());
      // The action and its parameters are in the body: without it SNS is asked for nothing.
      sns.middlewareStack.add(
        (next) => (args) => {
          Object.assign(args.request as object, { body: '' });
          return next(args);
        },
        { step: 'build', priority: 'high' },
      );
      sns.middlewareStack.add(readAsSuccess, { step: 'deserialize', priority: 'low' });
      return sns;
    },
  };
}

/** A client with the settings and connections of another one, and a middleware stack of its own. */
const shadowOf = <C extends DynamoDBClient | SNSClient>(client: C): C =>
  Object.create(client, { middlewareStack: { value: client.middlewareStack.clone() } });

function readAsSuccess<Args, Result extends { response: unknown }>(next: (args: Args) => Promise<Result>) {
  return async (args: Args): Promise<Result> => {
    try {
      const result = await next(args);
      Object.assign(result.response as object, { statusCode: 200 });
      return result;
    } catch {
      // The SDK tries nothing again for an error that it does not know.
      throw new Error('AWS did not answer');
    }
  };
}

const nowhere = () => new Console(new Writable({ write: (_chunk, _encoding, done) => done() }));
