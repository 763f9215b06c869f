import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ask } from '../../../bench/process';
import { attemptsOf, type EventFunctionKey, type FunctionKey } from '../../../contracts/functions';
import { ATTEMPTS_AFTER_MS } from '../../../local/async-retries';
import { CREDENTIALS, localEnvironment, REGION } from '../../../local/environment';
import { type Call, type FaultPlan, FaultProxy, type ResponseObserver } from '../../../local/faults/fault-proxy';
import type { LocalStack } from '../../../local/stack';
import { bundleOf } from '../../../template-src/functions/build-properties';
import { functionIds } from '../../../template-src/logical-ids';
import { stopAfterTests } from '../after-tests';

/** Time of an operator's redrive, after the first attempt. */
export const REDRIVE_AFTER_MS = 3_600_000;

const STATUS_UPDATER_TIMEOUT_MS = 15_000;

export interface Attempt {
  /** The handler's result; undefined when it threw an error or was killed. */
  readonly result?: { readonly statusCode: number; readonly body: string };
  readonly error?: { readonly name: string; readonly message: string };
  readonly killed: boolean;
}

export interface Delivered {
  readonly attempts: readonly Attempt[];
  readonly calls: readonly Call[];
  /** False when all attempts failed, so that AWS would send the event to the dead-letter queue. */
  readonly accepted: boolean;
}

interface Delivery {
  readonly lambda: Lambda;
  readonly event: unknown;
  readonly plan?: FaultPlan | undefined;
}

/**
 * Runs asynchronous invocations at the same time. All first attempts end before the first retries begin, as on AWS, where a minute lies
 * between them. The handlers' clocks are moved by that minute.
 */
export async function deliverTogether(
  key: EventFunctionKey,
  deliveries: readonly Delivery[],
  after = 0,
): Promise<Delivered[]> {
  const underWay = deliveries.map(({ lambda, event, plan }) => {
    lambda.beginDelivery(plan);
    return { lambda, event, attempts: [] as Attempt[] };
  });
  for (const delay of ATTEMPTS_AFTER_MS.slice(0, attemptsOf(key))) {
    const unfinished = underWay.filter(({ attempts }) => attempts.at(-1)?.result === undefined);
    await Promise.all(
      unfinished.map(async ({ lambda, event, attempts }) => {
        attempts.push(await lambda.attempt(key, event, after + delay));
      }),
    );
  }
  return underWay.map(({ lambda, attempts }) => ({
    attempts,
    calls: lambda.calls,
    accepted: attempts.at(-1)?.result !== undefined,
  }));
}

/** Simulated Lambda: built handlers in their own processes behind a fault proxy, with asynchronous retries. */
export class Lambda {
  private readonly processes = new Map<FunctionKey, ChildProcess>();
  private readonly proxy: FaultProxy;
  private endpoint = '';

  private constructor(
    private readonly stack: LocalStack,
    private readonly environment: Readonly<Record<string, string>>,
    private readonly timeoutMs: number,
  ) {
    this.proxy = new FaultProxy(new URL(stack.endpoint));
  }

  /**
   * Starts one that ends with the file's tests. Its processes start on their first event.
   * @param environment variables that differ from the deployed ones
   */
  static async start(
    stack: LocalStack,
    environment: Readonly<Record<string, string>>,
    timeoutMs = STATUS_UPDATER_TIMEOUT_MS,
  ): Promise<Lambda> {
    const lambda = new Lambda(stack, environment, timeoutMs);
    stopAfterTests(() => lambda.stop());
    lambda.endpoint = await lambda.proxy.listen();
    return lambda;
  }

  watch(observeResponse: ResponseObserver): void {
    this.proxy.watch(observeResponse);
  }

  /** Delivers one event as an asynchronous invocation with its retries. */
  async deliver(key: EventFunctionKey, event: unknown, plan?: FaultPlan, after = 0): Promise<Delivered> {
    const [delivered] = await deliverTogether(key, [{ lambda: this, event, plan }], after);
    if (!delivered) throw new Error('nothing was delivered');
    return delivered;
  }

  beginDelivery(plan: FaultPlan = () => undefined): void {
    this.proxy.beginDelivery(plan);
  }

  get calls(): readonly Call[] {
    return [...this.proxy.calls];
  }

  /** Runs the handler once. @param clockOffset milliseconds by which its clock is ahead */
  async attempt(key: FunctionKey, event: unknown, clockOffset: number): Promise<Attempt> {
    const child = await this.begin(key);
    let killed = false;
    this.proxy.beginAttempt(() => {
      killed = true;
      child.kill('SIGKILL');
    });
    const message = { event, requestId: randomUUID(), clockOffset, timeout: this.timeoutMs };
    try {
      return { ...(await ask<Omit<Attempt, 'killed'>>(child, message)), killed: false };
    } catch (error) {
      this.processes.delete(key);
      return { killed, ...(!killed && { error: { name: 'Crashed', message: String(error) } }) };
    }
  }

  private async stop(): Promise<void> {
    const exits = [...this.processes.values()].map(
      (child) => new Promise((resolve) => child.once('exit', resolve).kill('SIGKILL')),
    );
    await Promise.all(exits);
    this.proxy.close();
  }

  /** The function's process, which starts with the first call. The calls of its start do not count as calls of a delivery. */
  async begin(key: FunctionKey): Promise<ChildProcess> {
    const running = this.processes.get(key);
    if (running) return running;
    const bundle = path.resolve(bundleOf(key, this.stack.build));
    const child = fork(path.resolve('local/faults/handler-process.cjs'), [bundle], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
      env: {
        ...localEnvironment(this.stack.endpoint),
        ...(await deployedEnvironment(this.stack, key)),
        AWS_ENDPOINT_URL: this.endpoint,
        STALLED_AFTER_DAYS: '1',
        POWERTOOLS_LOG_LEVEL: 'SILENT',
        ...this.environment,
      },
    });
    this.processes.set(key, child);
    await this.proxy.letThrough(ask(child, {}));
    return child;
  }
}

/** The function's own variables, as the template deployed them. */
async function deployedEnvironment({ endpoint, outputs }: LocalStack, key: FunctionKey) {
  const FunctionName = outputs[`${functionIds(key).function}Name`];
  const { Environment } = await new LambdaClient({ endpoint, region: REGION, credentials: CREDENTIALS }).send(
    new GetFunctionConfigurationCommand({ FunctionName }),
  );
  return Environment?.Variables;
}
