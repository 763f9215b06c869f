import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { AnnouncedFailure } from '../../contracts/error-fields';
import { announceOn } from '../adapters/error-bus';
import { CLIENT_SETTINGS } from './aws-clients';

let events: EventBridgeClient | undefined;

/** EventBridge's client. It starts with the first event that is to be put on the bus: most functions put none. */
export function eventBridge(): EventBridgeClient {
  events ??= new EventBridgeClient(CLIENT_SETTINGS);
  return events;
}

/** Announces a failure on the bus. */
export const announce = (busName: string, failure: AnnouncedFailure, signal: AbortSignal) =>
  announceOn(eventBridge(), busName, failure, signal);
