import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import * as v from 'valibot';
import { type AnnouncedFailure, announcedFailure } from '../../contracts/error-fields';
import { contract as eventFailed } from '../../contracts/events/notification-handler/event-failed';

/**
 * Announces a failure on the application's bus.
 * @throws when the bus refused the event: PutEvents then responds with 200 as well
 */
export async function announceOn(
  events: EventBridgeClient,
  busName: string,
  failure: AnnouncedFailure,
  abortSignal: AbortSignal,
): Promise<void> {
  const entry = {
    EventBusName: busName,
    Source: eventFailed.source,
    DetailType: eventFailed.detailType,
    Detail: JSON.stringify(v.parse(announcedFailure, failure)),
  };
  const answer = await events.send(new PutEventsCommand({ Entries: [entry] }), { abortSignal });
  if (answer.FailedEntryCount !== 0) {
    const { ErrorCode = 'no code', ErrorMessage = 'no message' } = answer.Entries?.[0] ?? {};
    throw new Error(`the bus refused the announcement: ${ErrorCode}: ${ErrorMessage}`);
  }
}
