import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { ask } from '../../../bench/process';
import { attemptsOf, type EventFunctionKey, type FunctionKey } from '../../../contracts/functions';
import { ATTEMPTS_AFTER_MS } from '../../../local/async-retries';
import { localEnvironment } from '../../../local/environment';
import { type Call, type FaultPlan, FaultProxy, type ResponseObserver } from '../../../local/faults/fault-proxy';
import type { LocalStack } from '../../../local/stack';
import { bundleOf } from '../../../template-src/functions/build-properties';
import { stopAfterTests } from '../after-tests';

/** When an operator redrives. */
export const REDRIVE_AFTER_MS = 3_600_000;

/** The status updater's. */
const TIMEOUT_MS = 15_000;

export interface Attempt {
  /** The handler's answer; undefined when it threw or died. */
  readonly result?: { readonly statusCode: number; readonly body: string };
  readonly error?: { readonly name: string; readonly message: string };
  readonly killed: boolean;
}

export interface Delivered {
  readonly attempts: readonly Attempt[];
  readonly calls: readonly Call[];
  /** False when the attempts are spent: the event is in the dead-letter queue. */
  readonly accepted: boolean;
}

interface Delivery {
  readonly lambda: Lambda;
  readonly event: unknown;
  readonly plan?: FaultPlan | undefined;
}

/**
 * Asynchronous invocations that run at the same time. Retries wait until the others' attempts of that moment have ended: a minute,
 * which the handlers' clocks make of it, is longer than any invocation takes.
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

/** Lambda as far as a fault can show: built handlers in processes of their own, asynchronous retries, the queue behind them. */
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

  /** Starts one that ends with the file's tests; its processes start when they are needed. */
  static async start(
    stack: LocalStack,
    environment: Readonly<Record<string, string>>,
    timeoutMs = TIMEOUT_MS,
  ): Promise<Lambda> {
    const lambda = new Lambda(stack, environment, timeoutMs);
    stopAfterTests(() => lambda.stop());
    lambda.endpoint = await lambda.proxy.listen();
    return lambda;
  }

  /** From now on `observeResponse` gets every call that AWS answered. */
  watch(observeResponse: ResponseObserver): void {
    this.proxy.watch(observeResponse);
  }

  /** One asynchronous invocation with its retries. */
  async deliver(key: EventFunctionKey, event: unknown, plan?: FaultPlan, after = 0): Promise<Delivered> {
    const [delivered] = await deliverTogether(key, [{ lambda: this, event, plan }], after);
    if (!delivered) throw new Error('nothing was delivered');
    return delivered;
  }

  beginDelivery(plan: FaultPlan = () => undefined): void {
    this.proxy.beginDelivery(plan);
  }

  /** The calls since the delivery began. */
  get calls(): readonly Call[] {
    return [...this.proxy.calls];
  }

  /** One run of the handler; `clockOffset` is how far its clock is ahead, in milliseconds. */
  async attempt(key: FunctionKey, event: unknown, clockOffset: number): Promise<Attempt> {
    const child = await this.process(key);
    let killed = false;
    this.proxy.beginAttempt(() => {
      killed = true;
      child.kill('SIGKILL');
    });
    return new Promise((resolve) => {
      const onMessage = (message: Omit<Attempt, 'killed'>) => {
        child.off('exit', onExit);
        resolve({ ...message, killed: false });
      };
      const onExit = () => {
        child.off('message', onMessage);
        this.processes.delete(key);
        resolve({ killed, ...(!killed && { error: { name: 'Crashed', message: 'the process ended by itself' } }) });
      };
      child.once('message', onMessage as (message: unknown) => void);
      child.once('exit', onExit);
      child.send({ event, requestId: randomUUID(), clockOffset, timeout: this.timeoutMs });
    });
  }

  private async stop(): Promise<void> {
    const ended = [...this.processes.values()].map(
      (child) => new Promise((resolve) => child.once('exit', resolve).kill('SIGKILL')),
    );
    await Promise.all(ended);
    this.proxy.close();
  }

  /** A process of the function; the calls of its start are no calls of a delivery. */
  private async process(key: FunctionKey): Promise<ChildProcess> {
    const running = this.processes.get(key);
    if (running) return running;
    const bundle = path.resolve(bundleOf(key, this.stack.build));
    const child = fork(path.resolve('local/faults/handler-process.cjs'), [bundle], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
      env: { ...localEnvironment(this.stack.endpoint), AWS_ENDPOINT_URL: this.endpoint, ...this.environment },
    });
    this.processes.set(key, child);
    await this.proxy.letThrough(ask(child, {}));
    return child;
  }
}
