import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { contract as eventFailed } from '../../contracts/events/notification-handler/event-failed';
import { FUNCTION_KEYS, type FunctionKey, functionName } from '../../contracts/functions';
import { inEnvironment } from '../../contracts/names';
import { ATTEMPTS_AFTER_MS } from '../../local/async-retries';
import { ENVIRONMENT } from '../../local/deploy';
import { CREDENTIALS, localEnvironment, REGION } from '../../local/environment';
import { FaultProxy } from '../../local/faults/fault-proxy';
import type { LocalStack } from '../../local/stack';
import type { OnStarted } from '../../local/started';
import { bundleOf } from '../../template-src/functions/build-properties';
import { ask, start } from '../process';
import { type Write, WriteCounter } from './counter';

/** A bus without rules: announcements are delivered here, so that only these functions write. */
const BUS = 'default';

const announcementsIn = (body: Buffer): Entry[] =>
  (JSON.parse(body.toString()).Entries as Entry[]).filter(({ Source }) => Source === eventFailed.source);

interface Entry {
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
}

/** An event as EventBridge delivers it. */
export interface Envelope {
  readonly id: string;
  readonly source: string;
  readonly 'detail-type': string;
  /** RFC 3339. */
  readonly time: string;
  readonly detail: object;
}

/** The built functions beside the stack that has them deployed, and with its tables; their writes are counted. */
export class CountedFunctions {
  private readonly announced: Entry[] = [];
  /** Writes of each function's start. */
  readonly primings = new Map<string, readonly Write[]>();
  private readonly processes = new Map<string, ChildProcess>();
  private readonly counter: WriteCounter;

  private constructor(
    private readonly stack: LocalStack,
    private readonly endpoint: string,
    private readonly node: string,
    private readonly onStarted: OnStarted,
    proxy: FaultProxy,
  ) {
    this.counter = new WriteCounter(stack.db);
    proxy.watch((call, body, status) => {
      if (call.service === 'events') this.announced.push(...announcementsIn(body));
      return this.counter.observeResponse(call, body, status);
    });
  }

  static async start(stack: LocalStack, node: string, onStarted: OnStarted): Promise<CountedFunctions> {
    const proxy = new FaultProxy(new URL(stack.endpoint));
    onStarted(async () => proxy.close());
    const functions = new CountedFunctions(stack, await proxy.listen(), node, onStarted, proxy);
    for (const key of FUNCTION_KEYS) await functions.add(key, path.resolve(bundleOf(key, stack.build)), key);
    return functions;
  }

  /** Adds a function of another bundle, with the environment that one of ours was deployed with. */
  async add(name: string, bundle: string, like: FunctionKey): Promise<void> {
    const lambda = new LambdaClient({ endpoint: this.stack.endpoint, region: REGION, credentials: CREDENTIALS });
    const FunctionName = inEnvironment(functionName(like), ENVIRONMENT);
    const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const child = start('local/faults/handler-process.cjs', bundle, this.node, {
      ...localEnvironment(this.stack.endpoint),
      ...Environment?.Variables,
      AWS_ENDPOINT_URL: this.endpoint,
      EVENT_BUS_NAME: BUS,
      // Deployed with 0, it would look for none.
      STALLED_AFTER_DAYS: '1',
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      POWERTOOLS_METRICS_DISABLED: 'true',
    });
    await ask(child, {});
    this.primings.set(name, this.counter.take());
    this.processes.set(name, child);
    this.onStarted(async () => void child.kill());
  }

  /** Adds a table that only a function of another bundle writes to. */
  async addTable(TableName: string, key: string): Promise<void> {
    await this.stack.db.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' }],
        KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
      }),
    );
  }

  /**
   * Delivers an event as often as Lambda would, and its announcement to the notification handler.
   * @returns every write that came of it
   */
  async deliver(name: string, event: Envelope): Promise<readonly Write[]> {
    const child = this.processes.get(name);
    if (!child) throw new Error(`there is no function ${name}`);
    for (const clockOffset of ATTEMPTS_AFTER_MS) {
      const message = { event, requestId: `${event.id}-${clockOffset}`, clockOffset, timeout: 60_000 };
      const { result } = await ask<{ result?: object }>(child, message);
      if (result) break;
    }
    const writes = [...this.counter.take()];
    for (const { Source, DetailType, Detail } of this.announced.splice(0)) {
      const detail = JSON.parse(Detail);
      const announcement = { ...event, id: `${event.id}-announced`, source: Source, 'detail-type': DetailType, detail };
      writes.push(...(await this.deliver('notification-handler' satisfies FunctionKey, announcement)));
    }
    return writes;
  }
}
