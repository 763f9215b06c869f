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

/** Maximum duration of priming. */
const LIMIT_MS = 800;

/** Makes the handler stop itself after {@link LIMIT_MS}. */
const CONTEXT = { awsRequestId: 'priming', getRemainingTimeInMillis: () => LIMIT_MS + RESERVE_MS } as Context;

/** Accepted by each function's ordinary contract, whatever time the clock shows. */
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

/** A condition that no item meets. */
const NEVER = 'attribute_exists(primed) AND attribute_not_exists(primed)';

/** A handler's connections to the outside: AWS clients and telemetry. */
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
 * A handler and its rehearsal, `prime`. Lambda gives a function a full vCPU while it starts, and its memory's share of one afterwards. So
 * `prime` runs the handler's own code once and opens its connections while that is cheap (docs/decisions/0018). Its event can neither write
 * nor publish; it takes less than a second and never throws.
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

/** Clients with the same connections, whose requests AWS refuses. The refusals are read as success, and nothing is retried. */
function rehearsing(real: AwsClients): AwsClients {
  const db = shadowOf(real.db);
  db.middlewareStack.add(
    (next) => (args) => {
      const { ConditionExpression: given } = args.input as { ConditionExpression?: string };
      const ConditionExpression = given ? `(${given}) AND ${NEVER}` : NEVER;
      return next({ ...args, input: { ...args.input, ConditionExpression } });
    },
    { step: 'initialize' },
  );
  db.middlewareStack.add(readAsSuccess, { step: 'deserialize', priority: 'low' });
  return {
    db,
    sns() {
      const sns = shadowOf(real.sns());
      // The body has the action and its parameters: without it SNS does nothing.
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
      // The SDK does not retry an error that it does not know.
      throw new Error('AWS did not answer');
    }
  };
}

const nowhere = () => new Console(new Writable({ write: (_chunk, _encoding, done) => done() }));
