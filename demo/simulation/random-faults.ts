import { inEnvironment } from '../../contracts/names';
import { TABLES } from '../../contracts/tables';
import { ENVIRONMENT } from '../../local/deploy';
import type { Act } from '../../local/faults/fault';
import type { FaultPlan } from '../../local/faults/fault-proxy';
import type { Random } from './random';

const COMMON_FAULTS: readonly Act[] = ['request lost', 'response lost', 'answers 500', 'throttled'];

const LOG_UPDATE = `dynamodb UpdateItem ${inEnvironment(TABLES.shipmentEvents.name, ENVIRONMENT)}`;

export class RandomFaults {
  readonly injected = new Map<Act, number>();
  /** Events that may be notified twice, since the call that published the notification, or marked it, had a fault. */
  readonly doubtful = new Set<string>();

  /** @param rate share of calls that get a fault, from 0 to 1 */
  constructor(
    private readonly rate: number,
    private readonly random: Random,
  ) {}

  readonly plan: FaultPlan = ({ service, label }, body) => {
    if (!this.random.chance(this.rate)) return undefined;
    const ofService: readonly Act[] =
      service === 'dynamodb' ? ['transaction conflict'] : service === 'events' ? ['entry refused'] : [];
    const act = this.random.pick([...COMMON_FAULTS, ...ofService]);
    this.injected.set(act, (this.injected.get(act) ?? 0) + 1);
    const eventId = notifiedEvent(label, body);
    if (eventId) this.doubtful.add(eventId);
    return act;
  };
}

/** Id of the event that a call notifies about, or marks as notified. */
function notifiedEvent(label: string, body: Buffer): string | undefined {
  if (label === 'sns Publish') return JSON.parse(new URLSearchParams(body.toString()).get('Message') ?? '{}').event_id;
  if (label !== LOG_UPDATE) return undefined;
  return JSON.parse(body.toString()).Key?.event_id?.S;
}
