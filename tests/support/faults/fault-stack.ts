import { CreateEventBusCommand } from '@aws-sdk/client-eventbridge';
import type { LocalStack } from '../../../local/stack';
import { keepEvents } from '../keep-events';
import { startStack } from '../stack';
import { Lambda } from './lambda';

/** The bus on which the handlers under test announce failures, and the queue that stores its events. */
export const ANNOUNCEMENTS = 'fault-announcements';

export interface FaultStack {
  readonly stack: LocalStack;
  /** Starts a Lambda with its own fault proxy. Concurrent tries need one each. */
  lambda(timeoutMs?: number): Promise<Lambda>;
}

/** Starts a stack for built handlers that run outside the emulator and use the stack's tables and topics. */
export async function startFaultStack(): Promise<FaultStack> {
  const stack = await startStack();
  await stack.events.send(new CreateEventBusCommand({ Name: ANNOUNCEMENTS }));
  await keepEvents(stack, ANNOUNCEMENTS, ANNOUNCEMENTS, { source: [{ prefix: '' }] });
  const environment = { EVENT_BUS_NAME: ANNOUNCEMENTS, POWERTOOLS_METRICS_DISABLED: 'true' };
  return { stack, lambda: (timeoutMs) => Lambda.start(stack, environment, timeoutMs) };
}
