import { shellWord } from '../../contracts/shell';
import { isCorrection } from '../../contracts/shipment-events';
import type { Status } from '../../contracts/statuses';
import { UserError } from '../../lib/user-error.mjs';
import type { LoggedEvent } from '../../publisher/shipment-rows';
import { currentOf, join, type ShipmentState, stateOf } from '../../src/domain/shipment-state';
import { countingIn, latestCorrection } from '../shipments/timeline';

export interface PlannedCorrection {
  readonly status: Status;
  /** Epoch milliseconds: events up to and including this time no longer count. */
  readonly timestamp: number;
  readonly corrects?: string;
}

const timeOf = ({ timestamp }: Pick<LoggedEvent, 'timestamp'>) => new Date(timestamp).toISOString();

/**
 * Plans a correction as of now.
 * @param suggest gives the command that voids one event
 * @throws UserError when an event that counts is stamped later: it would still count
 */
export function correctionAsOf(
  now: number,
  status: Status,
  events: readonly LoggedEvent[],
  suggest: (event_id: string) => string,
): PlannedCorrection {
  const later = events.filter(countingIn(events)).find(({ timestamp }) => timestamp > now);
  if (!later) return { status, timestamp: now };
  throw new UserError(
    `event ${shellWord(later.event_id)} (${later.status}) is stamped ${timeOf(later)}, later than now, and would still count. If it is the mistake: \`${suggest(later.event_id)}\`; if not, try again after that time`,
  );
}

/**
 * Plans a correction that voids one event and keeps the later ones.
 * @param given the operator's status, by default the one that the log gives without the event as of that time
 * @throws UserError when the log lacks the event, the event no longer counts, or the log gives no status without it
 */
export function voidingOf(
  event_id: string,
  given: Status | undefined,
  events: readonly LoggedEvent[],
): PlannedCorrection {
  const quoted = shellWord(event_id);
  const [mistaken, other] = events.filter((event) => event.event_id === event_id);
  if (!mistaken) throw new UserError(`the shipment has no event ${quoted} in the log`);
  if (other)
    throw new UserError(
      `the shipment has several events ${quoted}, of ${timeOf(mistaken)} and ${timeOf(other)}: correct its status as of now, with --status alone`,
    );
  if (isCorrection(mistaken))
    throw new UserError(`event ${quoted} is a correction: correct the status again as of now, with --status alone`);
  const correction = latestCorrection(events);
  if (correction && mistaken.timestamp <= correction.timestamp)
    throw new UserError(
      `event ${quoted} does not count any more, since the correction ${shellWord(correction.event_id)} of ${timeOf(correction)}`,
    );
  const { timestamp } = mistaken;
  const status =
    given ?? statusOf(foldOf(events.filter((event) => event !== mistaken && event.timestamp <= timestamp)));
  if (status) return { status, timestamp, corrects: event_id };
  throw new UserError(
    `event ${quoted} is the first of the shipment: without it the log gives no status. Say which is true, with --status`,
  );
}

/**
 * Status before and after a correction, and the events that it voids.
 * @param row state of the shipment's row, which can have events that the log's index does not show yet
 */
export function effectOf(
  { status, timestamp }: PlannedCorrection,
  event_id: string,
  events: readonly LoggedEvent[],
  row: ShipmentState,
) {
  const before = join(row, foldOf(events));
  return {
    before: statusOf(before),
    after: statusOf(join(before, { correction: { status, timestamp, event_id } })),
    voids: events.filter(countingIn(events)).filter((event) => event.timestamp <= timestamp),
  };
}

const foldOf = (events: readonly LoggedEvent[]) =>
  events.reduce<ShipmentState>((state, event) => join(state, stateOf(event)), {});

const statusOf = (state: ShipmentState) => (Object.keys(state).length > 0 ? currentOf(state).status : undefined);
