import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { AnnouncedFailure } from '../../contracts/error-fields';
import { errorBus } from '../adapters/error-bus';
import { CLIENT_SETTINGS } from './aws-clients';

let events: EventBridgeClient | undefined;

/** Announces a failure on the bus. The client starts with the first failure that is to be announced. */
export function announce(busName: string, failure: AnnouncedFailure, signal: AbortSignal): Promise<void> {
  events ??= new EventBridgeClient(CLIENT_SETTINGS);
  return errorBus(events, busName, signal).announce(failure);
}
