import { setTimeout as pause } from 'node:timers/promises';
import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ENTRIES_A_CALL } from '../../contracts/put-events';
import { NotTaken } from '../application/publish-changes';

/** Milliseconds before each further call: a throttled bus recovers within a second, and Lambda tries again after these. */
const PAUSES_MS = [100, 400] as const;

interface StatusEvent {
  readonly source: string;
  readonly detailType: string;
}

/** Puts events of one kind about statuses on the bus. */
export function statusBus<Detail extends object>(
  events: EventBridgeClient,
  busName: string,
  { source, detailType }: StatusEvent,
  abortSignal: AbortSignal,
) {
  const put = async (changes: readonly Detail[]) => {
    const Entries = changes.map((change) => ({
      EventBusName: busName,
      Source: source,
      DetailType: detailType,
      Detail: JSON.stringify(change),
    }));
    const answer = await events.send(new PutEventsCommand({ Entries }), { abortSignal });
    return answer.FailedEntryCount === 0 ? undefined : (answer.Entries ?? []);
  };

  return {
    /** The most that {@link publish} takes. */
    maxChanges: ENTRIES_A_CALL,

    /**
     * Puts changes, and those again that the bus refused: PutEvents answers 200 for entries that it did not take.
     * @throws NotTaken naming the first change that is not on the bus in the end
     */
    async publish(changes: readonly Detail[]): Promise<void> {
      let waiting = changes.map((change, index) => ({ change, index }));
      for (const wait of [...PAUSES_MS, undefined]) {
        const results = await put(waiting.map(({ change }) => change));
        if (results === undefined) return;
        const refused = waiting.filter((_, place) => results[place]?.EventId === undefined);
        const [first] = refused;
        if (first === undefined) return;
        if (wait === undefined) {
          const { ErrorCode, ErrorMessage = 'no message' } = results[waiting.indexOf(first)] ?? {};
          throw new NotTaken(first.index, `the bus refused ${refused.length} changes: ${ErrorCode}: ${ErrorMessage}`);
        }
        await pause(wait, undefined, { signal: abortSignal });
        waiting = refused;
      }
    },
  };
}
