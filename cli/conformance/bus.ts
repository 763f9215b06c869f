import {
  DescribeArchiveCommand,
  DescribeEventBusCommand,
  DescribeReplayCommand,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import { NAMES } from '../../contracts/names';
import { STATUS_CHANGED } from '../../contracts/status-events';
import { TABLES } from '../../contracts/tables';
import { type Claims, notTried, verdict } from './claim';
import { inboxOf } from './inbox';
import { deleteRow, logRowOf } from './traces';
import type { Trial } from './trial';

/** Events reach the archive some minutes after the bus. */
const ARCHIVE_MINUTES = 15;
const NEVER_REPLAYED = `no replay brought the event within ${ARCHIVE_MINUTES} minutes`;

/** Sends an event, deletes its log row, and replays it to the run's own rule only. */
const replayOne = (trial: Trial) =>
  trial.once('replay', async () => {
    const { target } = trial;
    const { ruleArn = '', find } = await inboxOf(trial);
    // A replay selects events by their own time, at which this run has no other events.
    const time = new Date(Math.floor(target.now() / 1_000) * 1_000 - 3_600_000);
    const sent = await trial.update('replayed', {}, time);
    const row = await trial.until(3, () => logRowOf(sent, trial));
    if (row) await deleteRow(TABLES.shipmentEvents, row, target);
    const archive = await target.events.send(new DescribeArchiveCommand({ ArchiveName: target.name(NAMES.archive) }));
    let replays = 0;
    const replay = async () => {
      const ReplayName = trial.name(`replay-${++replays}`);
      await target.events.send(
        new StartReplayCommand({
          ReplayName,
          EventSourceArn: archive.ArchiveArn,
          EventStartTime: time,
          // In case AWS selects by arrival, the later attempts include it.
          EventEndTime: new Date(replays < 4 ? time.getTime() + 1_000 : target.now()),
          Destination: { Arn: archive.EventSourceArn, FilterArns: [ruleArn] },
        }),
      );
      await trial.until(5, async () => {
        const { State = '' } = await target.events.send(new DescribeReplayCommand({ ReplayName }));
        return !['STARTING', 'RUNNING', 'CANCELLING'].includes(State);
      });
      return find(1, (message) => 'replay-name' in message && JSON.stringify(message).includes(sent.shipment_id));
    };
    const copy = await trial.need(ARCHIVE_MINUTES, replay, NEVER_REPLAYED);
    // Longer than an event takes to be recorded.
    const recorded = await trial.until(0.5, () => logRowOf(sent, trial));
    return { sent, copy, recorded };
  });

export const bus: Claims = {
  'foreign-source': {
    sentence:
      "The bus refuses events with the functions' own sources from every other caller, administrators included.",
    source: 'decisions 14 and 28; EventBridge user guide, "Permissions for event buses in Amazon EventBridge"',
    how: `an event of ${STATUS_CHANGED.source} with a detail-type that no rule or archive matches, should the bus accept it`,
    async try(trial) {
      const entry = { Source: STATUS_CHANGED.source, DetailType: 'Conformance', Detail: '{}' };
      const answer = await trial.put(entry).catch(({ name }: Error) => ({ refused: name }));
      const refused = 'refused' in answer ? answer.refused : 'the bus accepted it';
      return verdict(/AccessDenied|NotAuthorized/.test(refused), refused);
    },
  },
  'no-producer-grants': {
    sentence: 'Without producer accounts the policy of the bus allows no other account.',
    source: 'decision 12; CloudFormation user guide, Fn::Join in a condition',
    how: "the deployed bus's policy (read only)",
    async try({ stack, target }) {
      const parameters = ['ProducerAccountIds', 'ErrorProducerAccountIds'].filter((name) => stack.parameters.get(name));
      if (parameters.length > 0) return notTried(`${parameters.join(' and ')} has accounts in this environment`);
      const { Policy = '{}' } = await target.events.send(new DescribeEventBusCommand({ Name: target.name(NAMES.bus) }));
      const statements: readonly { Sid: string; Effect: string }[] = JSON.parse(Policy).Statement ?? [];
      const grants = statements.filter(({ Effect }) => Effect === 'Allow').map(({ Sid }) => Sid);
      return verdict(grants.length === 0, grants.length === 0 ? 'it has none' : `it has ${grants.join(', ')}`);
    },
  },
  'replay-keeps-id': {
    sentence: 'A replay keeps the id of an event.',
    source: 'docs/architecture.md, "Life of an event"; EventBridge user guide, "Archiving and replaying events"',
    how: "an event whose producer sent no event_id, replayed from the stack's archive to a rule of the run's own",
    async try(trial) {
      const { sent, copy } = await replayOne(trial);
      return verdict(copy['id'] === sent.id, `${sent.id} was replayed as ${copy['id']}`);
    },
  },
  'replay-filter': {
    sentence: 'A replay reaches only the rules that FilterArns names.',
    source: 'decision 28; EventBridge API reference, ReplayDestination',
    how: "the same replay, which names the run's rule: the deleted log row must not come back",
    async try(trial) {
      const { recorded } = await replayOne(trial);
      return verdict(
        !recorded,
        recorded ? 'the status updater received it, too' : 'the status updater did not receive it',
      );
    },
  },
};
