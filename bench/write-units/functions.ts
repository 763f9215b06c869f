import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { FUNCTION_KEYS, type FunctionKey, functionName } from '../../contracts/functions';
import { inEnvironment } from '../../contracts/names';
import type { OnStarted } from '../../local/command';
import { ENVIRONMENT } from '../../local/deploy';
import { CREDENTIALS, localEnvironment, REGION } from '../../local/environment';
import { FaultProxy } from '../../local/faults/fault-proxy';
import type { LocalStack } from '../../local/stack';
import { functionIds } from '../../template-src/function-ids';
import { ask, start } from '../process';
import { type Write, WriteCounter } from './counter';

/** Milliseconds on the handler's clock between the attempts on an event that fails: Lambda waits one minute, then two. */
const ATTEMPTS_AFTER = [0, 60_000, 180_000];

/** A bus without rules: what is announced there is handed over here, so that only these functions write. */
const BUS = 'default';

interface Entry {
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
}

/** The built functions, whose writes are counted. */
export class CountedFunctions {
  private readonly announced: Entry[] = [];

  private constructor(
    private readonly processes: Readonly<Record<FunctionKey, ChildProcess>>,
    private readonly counter: WriteCounter,
  ) {}

  /** Starts them beside the stack, with the environment that they were deployed with. */
  static async start(stack: LocalStack, node: string, onStarted: OnStarted): Promise<CountedFunctions> {
    const counter = new WriteCounter(stack.db);
    const proxy = new FaultProxy(new URL(stack.endpoint));
    onStarted(async () => proxy.close());
    const endpoint = await proxy.listen();
    const lambda = new LambdaClient({ endpoint: stack.endpoint, region: REGION, credentials: CREDENTIALS });
    const processes: Partial<Record<FunctionKey, ChildProcess>> = {};
    for (const key of FUNCTION_KEYS) {
      const FunctionName = inEnvironment(functionName(key), ENVIRONMENT);
      const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
      const bundle = path.resolve(stack.build, functionIds(key).function, `${key}.js`);
      const child = start('local/faults/handler-process.cjs', bundle, node, {
        ...localEnvironment(stack.endpoint),
        ...Environment?.Variables,
        AWS_ENDPOINT_URL: endpoint,
        EVENT_BUS_NAME: BUS,
        POWERTOOLS_LOG_LEVEL: 'SILENT',
        POWERTOOLS_METRICS_DISABLED: 'true',
      });
      onStarted(async () => void child.kill());
      processes[key] = child;
    }
    const functions = new CountedFunctions(processes as Record<FunctionKey, ChildProcess>, counter);
    proxy.watch((call, body, status) => {
      if (call.service === 'events') functions.announced.push(...JSON.parse(body.toString()).Entries);
      return counter.witness(call, body, status);
    });
    return functions;
  }

  /**
   * Delivers an event as often as Lambda would, and what is announced about it to the function that tells people.
   * @returns every write that came of it
   */
  async deliver(key: FunctionKey, event: Envelope): Promise<readonly Write[]> {
    for (const clockOffset of ATTEMPTS_AFTER) {
      const message = { event, requestId: `${event.id}-${clockOffset}`, clockOffset, timeout: 15_000 };
      const { result } = await ask<{ result?: object }>(this.processes[key], message);
      if (result) break;
    }
    const writes = [...this.counter.take()];
    for (const { Source, DetailType, Detail } of this.announced.splice(0)) {
      const detail = JSON.parse(Detail);
      const announcement = { ...event, id: `${event.id}-announced`, source: Source, 'detail-type': DetailType, detail };
      writes.push(...(await this.deliver('notification-handler', announcement)));
    }
    return writes;
  }
}

export interface Envelope {
  readonly id: string;
  readonly source: string;
  readonly 'detail-type': string;
  /** RFC 3339. */
  readonly time: string;
  readonly detail: object;
}
