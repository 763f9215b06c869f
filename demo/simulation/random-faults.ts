import { inEnvironment } from '../../contracts/names';
import { TABLES } from '../../contracts/tables';
import { ENVIRONMENT } from '../../local/deploy';
import type { Act } from '../../local/faults/fault';
import type { FaultPlan } from '../../local/faults/fault-proxy';
import type { Random } from './random';

const COMMON: readonly Act[] = ['request lost', 'response lost', 'answers 500', 'throttled'];

const MARK = `dynamodb UpdateItem ${inEnvironment(TABLES.shipmentEvents.name, ENVIRONMENT)}`;

/** Random faults on the functions' calls. */
export class RandomFaults {
  /** Number of calls by their fault. */
  readonly injected = new Map<Act, number>();
  /** Events that may be notified twice: the outcome of their publication, or of its mark, was lost. */
  readonly doubtful = new Set<string>();

  /** @param rate the share of calls that get a fault, from 0 to 1 */
  constructor(
    private readonly rate: number,
    private readonly random: Random,
  ) {}

  readonly plan: FaultPlan = ({ service, label }, body) => {
    if (!this.random.chance(this.rate)) return undefined;
    const own: readonly Act[] =
      service === 'dynamodb' ? ['transaction conflict'] : service === 'events' ? ['entry refused'] : [];
    const act = this.random.pick([...COMMON, ...own]);
    this.injected.set(act, (this.injected.get(act) ?? 0) + 1);
    const subject = notifiedEvent(label, body);
    if (subject) this.doubtful.add(subject);
    return act;
  };
}

/** The event that a publication, or a mark on the log, is about. */
function notifiedEvent(label: string, body: Buffer): string | undefined {
  if (label === 'sns Publish') return JSON.parse(new URLSearchParams(body.toString()).get('Message') ?? '{}').event_id;
  if (label !== MARK) return undefined;
  return JSON.parse(body.toString()).Key?.event_id?.S;
}
