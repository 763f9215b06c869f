import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import * as v from 'valibot';
import { type AnnouncedFailure, announcedFailure } from '../../contracts/error-fields';
import { contract as eventFailed } from '../../contracts/events/notification-handler/event-failed';

/** Announces failures on the application's bus. */
export function errorBus(events: EventBridgeClient, busName: string, abortSignal: AbortSignal) {
  return {
    /** @throws when the bus did not take the event: PutEvents answers 200 for entries it refused */
    async announce(failure: AnnouncedFailure): Promise<void> {
      const answer = await events.send(
        new PutEventsCommand({
          Entries: [
            {
              EventBusName: busName,
              Source: eventFailed.source,
              DetailType: eventFailed.detailType,
              Detail: JSON.stringify(v.parse(announcedFailure, failure)),
            },
          ],
        }),
        { abortSignal },
      );
      if (answer.FailedEntryCount !== 0) {
        const { ErrorCode = 'no code', ErrorMessage = 'no message' } = answer.Entries?.[0] ?? {};
        throw new Error(`the bus refused the announcement: ${ErrorCode}: ${ErrorMessage}`);
      }
    },
  };
}
