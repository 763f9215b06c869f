/** Events that came in the same second, and were tried as often. */
export interface Cohort {
  /** The second they arrived in, and the one they were queued in, this time. */
  readonly arrived: number;
  readonly queued: number;
  /** Attempts so far. */
  readonly tries: number;
  readonly events: number;
}

interface Limits {
  /** Invocations at a time. */
  readonly concurrency: number;
  /** Seconds of an invocation. */
  readonly duration: number;
  /** Seconds after which an event is given up. */
  readonly maxAge: number;
}

/**
 * Execution environments that Lambda starts for one function: so many at once, and as many again in ten seconds, a tenth of them each second
 * (Lambda Developer Guide, "Lambda scaling behavior").
 */
const STARTS = { atOnce: 1_000, perSecond: 100 };

/** Lambda's queue before one function, the first come first. */
export class AsyncQueue {
  longestWait = 0;
  /** Events that grew too old. */
  expired = 0;
  private readonly cohorts: Cohort[] = [];
  private waiting = 0;
  private environments = 0;
  private starts = STARTS.atOnce;

  constructor(private readonly limits: Limits) {}

  get isEmpty(): boolean {
    return this.cohorts.length === 0;
  }

  add(cohort: Cohort): void {
    if (cohort.events === 0) return;
    this.cohorts.push(cohort);
    this.waiting += cohort.events;
  }

  /** Answers what begins in this second. */
  begin(second: number): Cohort[] {
    let room = this.scale() / this.limits.duration;
    const begun: Cohort[] = [];
    for (let first = this.cohorts[0]; first; first = this.cohorts[0]) {
      const isOld = second - first.arrived > this.limits.maxAge;
      if (room <= 0 && !isOld) break;
      const events = isOld ? first.events : Math.min(first.events, room);
      this.waiting -= events;
      if (events === first.events) this.cohorts.shift();
      else this.cohorts[0] = { ...first, events: first.events - events };
      if (isOld) {
        this.expired += events;
        continue;
      }
      room -= events;
      begun.push({ ...first, events });
      this.longestWait = Math.max(this.longestWait, second - first.queued);
    }
    return begun;
  }

  /** Environments in this second: as many as there is work for; those that are not there yet are started first. */
  private scale(): number {
    const wanted = Math.min(Math.ceil(this.waiting * this.limits.duration), this.limits.concurrency);
    const started = Math.max(0, Math.min(wanted - this.environments, this.starts));
    this.starts = Math.min(STARTS.atOnce, this.starts - started + STARTS.perSecond);
    this.environments = Math.min(wanted, this.environments + started);
    return this.environments;
  }
}
