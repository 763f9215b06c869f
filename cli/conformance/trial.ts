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

/** Begins the id of every shipment that a run makes. */
export const SHIPMENT_PREFIX = 'CONFORMANCE-';

/** The bus has refused an event. */
export class RefusedByBus extends UserError {}

/** One event that was put on the bus. */
export interface Sent {
  readonly shipment_id: string;
  /** The id that the bus gave it. */
  readonly id: string;
}

/** Answers to the removal of what was never made, or is gone. */
const GONE = /NotFound|NonExistent|DoesNotExist|does not exist/;

/** Answers to the removal of what is still being made or changed. */
const BUSY = /ResourceInUse|ConcurrentModification|has rules/;

/** Removes something, if it is there; where AWS refuses that for a while, every five seconds for five minutes. */
async function remove(run: () => Promise<unknown>, tries = 60): Promise<void> {
  try {
    await run();
  } catch (error) {
    const answer = error instanceof Error ? `${error.name} ${error.message}` : '';
    if (GONE.test(answer)) return;
    if (!BUSY.test(answer) || tries === 1) throw error;
    await sleep(5_000);
    await remove(run, tries - 1);
  }
}

/** What AWS answers in place of doing as it is asked; undefined when it does. */
export const refusalOf = (call: Promise<unknown>): Promise<Error | undefined> =>
  call.then(
    () => undefined,
    (error: Error) => error,
  );

/** One run on a deployed stack: what its claims share, and what is to be removed at its end. */
export class Trial {
  private readonly undos: { readonly what: string; undo(): Promise<void> }[] = [];
  private readonly shared = new Map<string, Promise<unknown>>();
  /** Ids of the shipments that events were sent of. */
  readonly shipments = new Set<string>();

  constructor(
    readonly stack: Pick<Stack, 'target' | 'arn' | 'outputs' | 'parameters'>,
    /** Distinguishes this run's names. */
    readonly run: string,
    /** Milliseconds of one of AWS's minutes: on the embedded AWS, whose retries take seconds, a few seconds. */
    private readonly minute: number,
    /** Aborted when the run is to end. */
    readonly ending: AbortSignal,
    /** The operator allows a restore of a table, which takes long. */
    readonly restores = false,
  ) {
    // Any number of claims wait at once.
    setMaxListeners(0, ending);
  }

  get target(): Target {
    return this.stack.target;
  }

  /** Begins the id of each shipment of this run. */
  get prefix(): string {
    return `${SHIPMENT_PREFIX}${this.run}-`;
  }

  /** Begins the name of everything that this run makes. */
  get ownNames(): string {
    return `logistics-conformance-${this.run}`;
  }

  /** A name for something that this run makes: `logistics-conformance-<run>-<environment>`. */
  name(part = ''): string {
    return this.target.name(`${this.ownNames}${part && `-${part}`}`);
  }

  /** Where the stack is. */
  get place() {
    const [, partition = '', , region = '', account = ''] = this.stack.arn.split(':');
    return { partition, region, account };
  }

  /** ARN of something in the stack's region and account. */
  arn(service: string, rest: string): string {
    const { partition, region, account } = this.place;
    return `arn:${partition}:${service}:${region}:${account}:${rest}`;
  }

  /** Does something once, for all claims that need it. */
  once<T>(name: string, work: () => Promise<T>): Promise<T> {
    const known = this.shared.get(name) ?? work();
    this.shared.set(name, known);
    return known as Promise<T>;
  }

  /**
   * Registers what is to be undone at the end, however that comes: the last one first. Before it is done, so that no answer can be lost.
   * @param what names it to an operator who has to do it by hand
   * @returns a function that undoes it now
   */
  readonly undo = (what: string, run: () => Promise<unknown>): (() => Promise<void>) => {
    let isUndone = false;
    const undo = async () => {
      if (!isUndone) await remove(run);
      isUndone = true;
    };
    this.undos.push({ what, undo });
    return undo;
  };

  /** Undoes all that was registered. @returns what could not be undone, and why */
  async undoAll(): Promise<string[]> {
    const left: string[] = [];
    for (const { what, undo } of this.undos.reverse())
      await undo().catch((error: Error) => left.push(`${what}: ${error.message || error.name}`));
    return left;
  }

  /**
   * Asks again and again until there is an answer.
   * @param minutes of AWS's
   * @returns undefined when there was none in time
   * @throws when the run is to end
   */
  until<T>(minutes: number, ask: () => Promise<T | undefined | false>): Promise<T | undefined> {
    const askOn = () => {
      this.ending.throwIfAborted();
      return ask();
    };
    return until(askOn, minutes * this.minute, { everyMs: this.minute / 30, otherwise: () => undefined });
  }

  /**
   * The same, where a claim cannot be tried without an answer.
   * @throws UserError with why not when there was none in time
   */
  async need<T>(minutes: number, ask: () => Promise<T | undefined | false>, otherwise: string): Promise<T> {
    const answer = await this.until(minutes, ask);
    if (answer === undefined) throw new UserError(otherwise);
    return answer;
  }

  /** Waits. @param minutes of AWS's @throws when the run is to end */
  async pause(minutes: number): Promise<void> {
    await sleep(minutes * this.minute, undefined, { signal: this.ending });
  }

  /** Puts a status update of a shipment of this run on the bus; its id begins with the prefix. */
  update(shipment: string, detail: Readonly<Record<string, Json>> = {}, time?: Date): Promise<Sent> {
    return this.send(statusUpdated, shipment, { status: 'in_transit', ...detail }, time);
  }

  /**
   * @param time of the envelope; by default the bus's own
   * @throws RefusedByBus when the bus refuses the event
   */
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

  /** The bus's answer to one entry. */
  async put(entry: PutEventsRequestEntry) {
    const EventBusName = this.target.name(NAMES.bus);
    const [answer] = await putEvents(this.target.events, [{ ...entry, EventBusName }]);
    return answer ?? { refused: 'no answer' };
  }
}
