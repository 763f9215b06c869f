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

const GONE = /NotFound|NonExistent|DoesNotExist|does not exist/;

/** Refusals of what is being made or changed. */
const BUSY = /ResourceInUse|ConcurrentModification|has rules/;

/** Does something that AWS refuses for a while, every five seconds, so many times at most. */
export async function again(tries: number, work: () => Promise<unknown>): Promise<void> {
  for (let refusals = 1; ; refusals += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (!(error instanceof Error) || !BUSY.test(`${error.name} ${error.message}`) || refusals === tries) throw error;
      await sleep(5_000);
    }
  }
}

interface Undo {
  readonly what: string;
  undone: boolean;
  run(): Promise<unknown>;
}

/** One run on a deployed stack: what its claims share, and what is to be removed at its end. */
export class Trial {
  private readonly undos: Undo[] = [];
  private readonly shared = new Map<string, Promise<unknown>>();
  /** Ids of the shipments that events were sent of. */
  readonly shipments = new Set<string>();

  constructor(
    readonly stack: Pick<Stack, 'target' | 'outputs' | 'parameters'>,
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

  minutes(count: number): number {
    return count * this.minute;
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
  undo(what: string, run: () => Promise<unknown>): () => Promise<void> {
    const undo: Undo = { what, run, undone: false };
    this.undos.push(undo);
    return () => this.undone(undo);
  }

  private async undone(undo: Undo): Promise<void> {
    if (undo.undone) return;
    await undo.run().catch((error: Error) => {
      // It was never made, or is gone.
      if (!GONE.test(`${error.name} ${error.message}`)) throw error;
    });
    undo.undone = true;
  }

  /** Undoes all that was registered. @returns what could not be undone, and why */
  async undoAll(): Promise<string[]> {
    const left: string[] = [];
    for (const undo of this.undos.reverse()) {
      await this.undone(undo).catch((error: Error) => left.push(`${undo.what}: ${error.message || error.name}`));
    }
    return left;
  }

  /**
   * Asks again and again until there is an answer.
   * @param minutes of AWS's
   * @returns undefined when there was none in time
   * @throws UserError when the run is to end
   */
  until<T>(minutes: number, ask: () => Promise<T | undefined | false>): Promise<T | undefined> {
    const askOn = () => {
      if (this.ending.aborted) throw new UserError('interrupted');
      return ask();
    };
    return until(askOn, this.minutes(minutes), { everyMs: this.minutes(1 / 30), otherwise: () => undefined });
  }

  /** @throws UserError when the run is to end */
  async pause(minutes: number): Promise<void> {
    await sleep(this.minutes(minutes), undefined, { signal: this.ending }).catch(() => {
      throw new UserError('interrupted');
    });
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
