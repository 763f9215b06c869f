/** A publisher with a mocked bus, and events for it. */
import { EventBridgeClient, PutEventsCommand, type PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { createPublisher, type LogisticsEvent, NotPublished } from '../../../publisher/publisher';

export const eventBridge = mockClient(EventBridgeClient);

export function anUpdate(id: number, detail: object = {}): LogisticsEvent {
  const identity = { event_id: `e-${id}`, occurred_at: '2026-03-02T08:00:00Z' };
  return {
    detailType: 'Shipment Status Updated',
    detail: { shipment_id: 'SHP-1', status: 'failed', ...identity, ...detail },
  };
}

export const updates = (count: number, detail?: object) =>
  Array.from({ length: count }, (_, id) => anUpdate(id, detail));

/** An argument that only a JavaScript caller could pass. */
export const untyped = (event: unknown) => event as LogisticsEvent;

/** The ids of the events of each call, in order. */
export const callsMade = () =>
  eventBridge
    .commandCalls(PutEventsCommand)
    .map(({ args }) => args[0].input.Entries?.map(({ Detail = '' }) => JSON.parse(Detail).event_id));

/** Mocks a bus whose answer for an entry depends on its event's id and on how often that event was sent. */
export function busAnswers(answer: (id: string, time: number) => PutEventsResultEntry) {
  const times = new Map<string, number>();
  eventBridge.on(PutEventsCommand).callsFake(({ Entries }) => ({
    Entries: Entries.map(({ Detail }: { Detail: string }) => {
      const { event_id } = JSON.parse(Detail);
      times.set(event_id, (times.get(event_id) ?? 0) + 1);
      return answer(event_id, times.get(event_id) ?? 0);
    }),
  }));
}

export const taken = (id: string) => ({ EventId: `bus-${id}` });
export const throttled = { ErrorCode: 'ThrottlingException', ErrorMessage: 'slow down' };

export function aPublisher() {
  const pauses: number[] = [];
  const publisher = createPublisher({
    busName: 'logistics-events-test',
    client: new EventBridgeClient({ region: 'eu-west-1' }),
    random: () => 0.5,
    pause: async (milliseconds) => pauses.push(milliseconds),
  });
  return { ...publisher, pauses };
}

export const failuresOf = async (publishing: Promise<unknown>) => {
  const error = await publishing.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof NotPublished)) throw new Error(`expected NotPublished, got ${error}`);
  return { message: error.message, reasons: error.failures.map(({ index, reasons }) => [index, ...reasons]) };
};
