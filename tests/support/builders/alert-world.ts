import type { ErrorEventPorts } from '../../../src/application/handle-error-event';
import type { AlertMinute } from '../../../src/application/limit-alerts';
import { leaseOf } from '../../../src/domain/lease';
import type { Message } from '../../../src/domain/messages';
import type { Call } from '../properties/killable';
import { type MarkedRow, marksOf } from './marked-row';

const MINUTE_MS = 60_000;

interface MinuteRow {
  admitted: number;
  suppressed: number;
  taken: number;
  summarizer?: string | undefined;
  readonly summaries: Map<string, number>;
}

/** Number of events that a message stands for. */
const standsFor = ({ body }: Message): number => JSON.parse(body).details.suppressed ?? 1;

/** The error table and the alert topic in memory, with the conditions that the adapters write as expressions. */
export class AlertWorld {
  readonly rows = new Map<string, MarkedRow>();
  readonly minutes = new Map<number, MinuteRow>();
  /** For each message, how many events it stands for. */
  readonly published: number[] = [];
  clock = Date.UTC(2026, 2, 2, 9);

  /** @param places how many events of a minute get their own message */
  constructor(private readonly places: number) {}

  /** The row of the minute that contains this time. */
  readonly minute = (at: number): MinuteRow => {
    const key = Math.floor(at / MINUTE_MS);
    const row = this.minutes.get(key) ?? { admitted: 0, suppressed: 0, taken: 0, summaries: new Map() };
    this.minutes.set(key, row);
    return row;
  };

  /** The ports of one invocation, which may run for ten seconds; `call` wraps each of its calls. */
  ports(requestId: string, call: Call): ErrorEventPorts {
    const lease = leaseOf(this.clock + 10_000, requestId);
    const startedAt = this.clock;
    return {
      environment: 'test',
      startedAt,
      observer: { count: () => undefined, info: () => undefined, warn: () => undefined },
      earlierAnnouncement: async () => 'none',
      publish: (message) => call('publish', () => void this.published.push(standsFor(message))),
      notificationStateOf: ({ error_id }) => {
        // The claim creates the row.
        const row = () => {
          const found = this.rows.get(error_id) ?? { firstSeenAt: startedAt };
          this.rows.set(error_id, found);
          return found;
        };
        return marksOf(row, lease, () => this.clock, call);
      },
      alertMinute: ({ error_id }, firstSeenAt) => this.alertMinute(error_id, this.minute(firstSeenAt), call),
    };
  }

  private alertMinute(me: string, row: MinuteRow, call: Call): AlertMinute {
    return {
      admit: () => call('admit', () => row.admitted < this.places && ++row.admitted > 0),
      suppress: () =>
        call('suppress', () => {
          row.suppressed += 1;
          row.summarizer ??= me;
          return { summarizes: row.summarizer === me, summaries: row.summaries.size };
        }),
      takeSummary: () =>
        call('takeSummary', () => {
          if (row.summarizer === me) {
            row.summaries.set(me, row.suppressed - row.taken);
            row.taken = row.suppressed;
            row.summarizer = undefined;
          }
          return row.summaries.get(me);
        }),
    };
  }
}
