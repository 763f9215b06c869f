import { Argument } from 'commander';
import { shellWord } from '../../contracts/shell';
import { UserError } from '../../lib/user-error.mjs';
import { createReader } from '../../publisher/reader';
import { LATEST, refusedEventsOf } from '../failures/refused';
import { type Context, contextOf, help, type Register } from '../program';
import { deliveryEstimateOf, timelineOf } from '../shipments/timeline';
import { shipmentId } from '../terminal/option-values';

const ABOUT = `The shipment, then its events in the order that decides its status: those that no longer count, then closed statuses last, then by
time, rank and id. Marks:
  current              the event that the shipment's status comes from
  late                 handled after one that comes later in this order, so it changed nothing
  no longer counts     a correction says what was true at its time
  after it was closed  happened after a closing event, so it changes nothing
  unexpected after …   no move that the statuses list, from the event before it as known now (the metric UnexpectedMoves judged it
                       as known when it was handled)
  expected …           the producer's old_status was another than the event's before it
  notified <time>      a notification was sent;  not notified: it should have been and was not, or is just being sent
  delivery estimated … what the event says of it
  correction …         of which event, by whom, and why
After them come events of the shipment that were refused, with the class and the reason; a conflict has the identity of an event on
record and another content, and names the account of each sender. The latest ${LATEST} are looked at; \`errors <error_id>\` shows one in full.
The indexes it reads follow the tables by moments. Duplicates leave no trace here.`;

const NONE_ACCEPTED = 'not set: every event of it was refused';

export const register: Register = (program) => {
  program
    .command('track')
    .description('where a shipment is, and how it came there')
    .addArgument(new Argument('<shipment>', 'its shipment_id').argParser(shipmentId))
    .addHelpText('after', help(ABOUT, 'track SHP-1007', 'track SHP-1007 --json'))
    .action(async (id: string, _options, command) => {
      await track(id, contextOf(command));
    });
};

/** @throws UserError when nothing is known of the shipment */
async function track(id: string, { target, print }: Context): Promise<void> {
  const { environment, db: client } = target;
  const [tracked, refused] = await Promise.all([
    createReader({ environment, client }).track(id),
    refusedEventsOf(id, target),
  ]);
  const current = tracked?.current;
  const events = tracked?.events ?? [];
  if (!tracked && !refused?.length) {
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
  const columns = ['time', 'status', 'event_id', ...(refused?.length ? ['error_id'] : []), 'marks'];
  print.rows([...timeline, ...(refused ?? [])], columns);
  if (!refused) print.note('refused events are not shown: the error table has no index by shipment (yet)');
}
