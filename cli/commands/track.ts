import { Argument } from 'commander';
import { shellWord } from '../../contracts/shell';
import { UserError } from '../../lib/user-error.mjs';
import { createReader } from '../../publisher/reader';
import { LATEST, refusedEventsOf } from '../failures/refused';
import { type Context, contextOf, help, type Register } from '../program';
import { deliveryEstimateOf, timelineOf } from '../shipments/timeline';
import { shipmentId } from '../terminal/option-values';

const ABOUT = `The shipment, then its events in the order that decides its status: first those that no longer count; closed statuses come last, else by
time, rank and id. Marks:
  current              the event that the shipment's status comes from
  late                 handled after one that is later in this order, so it changed nothing
  no longer counts     voided by a correction
  after it was closed  happened after a closing event, so it changes nothing
  unexpected after …   a transition that the statuses do not list, by the events known now (the metric UnexpectedMoves counts by those
                       known when it was handled)
  expected …           the producer's old_status differs from the previous event's status
  notified <time>      a notification was sent;  not notified: it was not sent, or is just being sent
  delivery estimated … the event's estimate
  correction …         of which event, by whom, and why
Then come events of the shipment that were refused, with type and reason; a conflict has the identity of an event on record and other
content, and names the account of each sender. Only the latest ${LATEST} are read; \`errors <error_id>\` shows one in full. The indexes that it
reads are eventually consistent. Duplicates are not shown.`;

const NONE_ACCEPTED = 'not set: every event of it was refused';

export const register: Register = (program) => {
  program
    .command('track')
    .description('the status of a shipment, and its events')
    .addArgument(new Argument('<shipment>', 'its shipment_id').argParser(shipmentId))
    .addHelpText('after', help(ABOUT, 'track SHP-1007', 'track SHP-1007 --json'))
    .action((id: string, _options, command) => track(id, contextOf(command)));
};

/** @throws UserError when the shipment has no events */
async function track(id: string, { target, print }: Context): Promise<void> {
  const { environment, db: client } = target;
  const [tracked, refused] = await Promise.all([
    createReader({ environment, client }).track(id),
    refusedEventsOf(id, target),
  ]);
  const current = tracked?.current;
  const events = tracked?.events ?? [];
  if (!tracked && refused.length === 0) {
    throw new UserError(
      `no event of shipment ${shellWord(id)} was ever accepted in ${target.environment}: \`${target.command`errors`}\` shows what was refused`,
    );
  }
  const timeline = timelineOf(events, current);
  print.result({
    shipment_id: id,
    status: current?.status ?? (events.length === 0 ? NONE_ACCEPTED : 'not yet set: its first event is being handled'),
    since: current ? new Date(current.timestamp).toISOString() : null,
    estimated_delivery: deliveryEstimateOf(timeline, current),
    events: events.length,
  });
  const columns = ['time', 'status', 'event_id', ...(refused.length > 0 ? ['error_id'] : []), 'marks'];
  print.rows([...timeline, ...refused], columns);
}
