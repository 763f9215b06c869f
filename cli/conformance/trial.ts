import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { contract as statusUpdated } from '../../contracts/events/status-updater/shipment-status-updated';
import { NAMES } from '../../contracts/names';
import { until } from '../../lib/until.mjs';
import { UserError } from '../../lib/user-error.mjs';
import type { Json } from '../../src/domain/json';
import type { Stack } from '../doctor/check';
import { putEvents } from '../send/put-events';
import type { Target } from '../target/target';

/** Prefix of the ids of all runs' shipments. */
export const SHIPMENT_PREFIX = 'CONFORMANCE-';

export class RefusedByBus extends UserError {}

export interface Sent {
  readonly shipment_id: string;
  /** The id that the bus gave it. */
  readonly id: string;
}

/** Errors on the removal of a resource that does not exist. */
const GONE = /NotFound|NonExistent|DoesNotExist|does not exist/;

/** Errors on the removal of a resource that is still being created or changed. */
const BUSY = /ResourceInUse|ConcurrentModification/;

/** Removes a resource if it exists. Retries while the resource is busy, after a pause in milliseconds. */
async function remove(run: () => Promise<unknown>, pause: number, tries = 60): Promise<void> {
  try {
    await run();
  } catch (error) {
    const text = error instanceof Error ? `${error.name} ${error.message}` : '';
    if (GONE.test(text)) return;
    if (!BUSY.test(text) || tries === 1) throw error;
    await sleep(pause);
    await remove(run, pause, tries - 1);
  }
}

/** Error of a call; undefined when it succeeds. */
export const refusalOf = (call: Promise<unknown>): Promise<Error | undefined> =>
  call.then(
    () => undefined,
    (error: Error) => error,
  );

/** One run on a deployed stack: state that its claims share, and the removals at its end. */
export class Trial {
  private readonly undos: { readonly what: string; undo(): Promise<void> }[] = [];
  private readonly shared = new Map<string, Promise<unknown>>();
  readonly shipments = new Set<string>();

  constructor(
    readonly stack: Pick<Stack, 'target' | 'arn' | 'outputs' | 'parameters'>,
    /** Distinguishes this run's names. */
    readonly run: string,
    /** Milliseconds of one of AWS's minutes. Shorter on the embedded AWS, whose retries take seconds. */
    private readonly minute: number,
    /** Aborted when the run must end. */
    readonly ending: AbortSignal,
    /** True when the operator allows a restore of a table, which takes up to an hour. */
    readonly restores = false,
  ) {
    // Many claims listen at once.
    setMaxListeners(0, ending);
  }

  get target(): Target {
    return this.stack.target;
  }

  /** Prefix of the ids of this run's shipments. */
  get prefix(): string {
    return `${SHIPMENT_PREFIX}${this.run}-`;
  }

  /** Prefix of the names of this run's resources. */
  get ownNames(): string {
    return `logistics-conformance-${this.run}`;
  }

  /** Name of a resource of this run: `logistics-conformance-<run>-<part>-<environment>`. */
  name(part = ''): string {
    return this.target.name(`${this.ownNames}${part && `-${part}`}`);
  }

  get place() {
    const [, partition = '', , region = '', account = ''] = this.stack.arn.split(':');
    return { partition, region, account };
  }

  arn(service: string, rest: string): string {
    const { partition, region, account } = this.place;
    return `arn:${partition}:${service}:${region}:${account}:${rest}`;
  }

  /** Does work once for all claims that need its result. */
  once<T>(name: string, work: () => Promise<T>): Promise<T> {
    const result = this.shared.get(name) ?? work();
    this.shared.set(name, result);
    return result as Promise<T>;
  }

  /**
   * Registers a removal for the end of the run, the last one first. Call it before the creation, whose response may be lost.
   * @param what tells an operator what to remove by hand when this fails
   * @returns a function that removes it now
   */
  readonly undo = (what: string, run: () => Promise<unknown>): (() => Promise<void>) => {
    let isUndone = false;
    const undo = async () => {
      // Five of AWS's minutes in all.
      if (!isUndone) await remove(run, this.minute / 12);
      isUndone = true;
    };
    this.undos.push({ what, undo });
    return undo;
  };

  /** Runs the registered removals. @returns what could not be removed, and why */
  async undoAll(): Promise<string[]> {
    const remaining: string[] = [];
    for (const { what, undo } of this.undos.reverse())
      await undo().catch((error: Error) => remaining.push(`${what}: ${error.message || error.name}`));
    return remaining;
  }

  /** Polls until there is a result; undefined after this many of AWS's minutes. @throws when the run must end */
  until<T>(minutes: number, ask: () => Promise<T | undefined | false>): Promise<T | undefined> {
    const askOn = () => {
      this.ending.throwIfAborted();
      return ask();
    };
    return until(askOn, minutes * this.minute, { everyMs: this.minute / 30, otherwise: () => undefined });
  }

  /** Polls for a result without which a claim cannot be tried. @throws UserError with the given text when there is none */
  async need<T>(minutes: number, ask: () => Promise<T | undefined | false>, otherwise: string): Promise<T> {
    const answer = await this.until(minutes, ask);
    if (answer === undefined) throw new UserError(otherwise);
    return answer;
  }

  /** Waits. @param minutes AWS's minutes @throws when the run must end */
  async pause(minutes: number): Promise<void> {
    await sleep(minutes * this.minute, undefined, { signal: this.ending });
  }

  /** Sends a status update of a shipment of this run. */
  update(shipment: string, detail: Readonly<Record<string, Json>> = {}, time?: Date): Promise<Sent> {
    return this.send(statusUpdated, shipment, { status: 'in_transit', ...detail }, time);
  }

  /** Sends an event of a shipment of this run. @param time the envelope's, by default set by the bus */
  async send(
    { source, detailType }: { readonly source: string; readonly detailType: string },
    shipment: string,
    detail: Readonly<Record<string, Json>>,
    time?: Date,
  ): Promise<Sent> {
    const shipment_id = `${this.prefix}${shipment}`;
    this.shipments.add(shipment_id);
    const answer = await this.put({
      Source: source,
      DetailType: detailType,
      ...(time && { Time: time }),
      Detail: JSON.stringify({ shipment_id, metadata: { conformance: true }, ...detail }),
    });
    if ('refused' in answer) throw new RefusedByBus(`the bus refused the event: ${answer.refused}`);
    return { shipment_id, id: answer.id };
  }

  async put(entry: PutEventsRequestEntry) {
    const EventBusName = this.target.name(NAMES.bus);
    const [answer] = await putEvents(this.target.events, [{ ...entry, EventBusName }]);
    return answer ?? { refused: 'no answer' };
  }
}
