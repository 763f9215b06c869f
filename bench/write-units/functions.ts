import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { contract as eventFailed } from '../../contracts/events/notification-handler/event-failed';
import { FUNCTION_KEYS, type FunctionKey, functionName } from '../../contracts/functions';
import { inEnvironment } from '../../contracts/names';
import { ATTEMPTS_AFTER_MS } from '../../local/async-retries';
import { ENVIRONMENT } from '../../local/deploy';
import { CREDENTIALS, localEnvironment, REGION } from '../../local/environment';
import { FaultProxy } from '../../local/faults/fault-proxy';
import type { EventFile, LocalStack } from '../../local/stack';
import type { OnStarted } from '../../local/started';
import { bundleOf } from '../../template-src/functions/build-properties';
import { ask, start } from '../process';
import { WriteCounter } from './counter';
import type { Units } from './rules';

/** A bus without rules: `deliver` delivers the announcements, so that only the counted functions write. */
const BUS = 'default';

const announcementsIn = (body: Buffer): Entry[] =>
  (JSON.parse(body.toString()).Entries as Entry[]).filter(({ Source }) => Source === eventFailed.source);

interface Entry {
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
}

/** An event as EventBridge delivers it. */
type Envelope = EventFile & { readonly id: string };

/** The built functions in their own processes, on the tables of a deployed stack; their writes are counted. */
export interface CountedFunctions {
  /** Writes while each function starts. */
  readonly primings: ReadonlyMap<FunctionKey, readonly Units[]>;
  /**
   * Delivers an event with Lambda's retries, and its announcement to the notification handler.
   * @returns all writes of these deliveries
   */
  deliver(key: FunctionKey, event: Envelope): Promise<readonly Units[]>;
}

export async function startCountedFunctions(
  stack: LocalStack,
  node: string,
  onStarted: OnStarted,
): Promise<CountedFunctions> {
  const announced: Entry[] = [];
  const counter = new WriteCounter(stack.db);
  const proxy = new FaultProxy(new URL(stack.endpoint));
  onStarted(async () => proxy.close());
  proxy.watch((call, body, status) => {
    if (call.service === 'events') announced.push(...announcementsIn(body));
    return counter.observeResponse(call, body, status);
  });
  const endpoint = await proxy.listen();
  const lambda = new LambdaClient({ endpoint: stack.endpoint, region: REGION, credentials: CREDENTIALS });
  const processes = new Map<FunctionKey, ChildProcess>();
  const primings = new Map<FunctionKey, readonly Units[]>();
  for (const key of FUNCTION_KEYS) {
    const FunctionName = inEnvironment(functionName(key), ENVIRONMENT);
    const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const child = start('local/faults/handler-process.cjs', path.resolve(bundleOf(key, stack.build)), node, {
      ...localEnvironment(stack.endpoint),
      ...Environment?.Variables,
      AWS_ENDPOINT_URL: endpoint,
      EVENT_BUS_NAME: BUS,
      // The stack is deployed with 0, which turns the search off.
      STALLED_AFTER_DAYS: '1',
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      POWERTOOLS_METRICS_DISABLED: 'true',
    });
    onStarted(async () => void child.kill());
    await ask(child, {});
    primings.set(key, counter.take());
    processes.set(key, child);
  }

  async function deliver(key: FunctionKey, event: Envelope): Promise<readonly Units[]> {
    const child = processes.get(key);
    if (!child) throw new Error(`${key} was not started`);
    for (const clockOffset of ATTEMPTS_AFTER_MS) {
      const message = { event, requestId: `${event.id}-${clockOffset}`, clockOffset, timeout: 60_000 };
      const { result } = await ask<{ result?: object }>(child, message);
      if (result) break;
    }
    const writes = [...counter.take()];
    for (const { Source, DetailType, Detail } of announced.splice(0)) {
      const detail = JSON.parse(Detail);
      const announcement = { ...event, id: `${event.id}-announced`, source: Source, 'detail-type': DetailType, detail };
      writes.push(...(await deliver('notification-handler', announcement)));
    }
    return writes;
  }

  return { primings, deliver };
}
