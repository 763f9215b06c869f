import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { AnnouncedFailure } from '../../contracts/error-fields';
import { announceOn } from '../adapters/error-bus';
import { CLIENT_SETTINGS } from './aws-clients';

let events: EventBridgeClient | undefined;

/** The EventBridge client, created with the first event to put on the bus: most invocations put none. */
export function eventBridge(): EventBridgeClient {
  events ??= new EventBridgeClient(CLIENT_SETTINGS);
  return events;
}

/** Announces a failure on the bus. */
export const announce = (busName: string, failure: AnnouncedFailure, signal: AbortSignal) =>
  announceOn(eventBridge(), busName, failure, signal);
