import {
  EventBridgeClient,
  EventBridgeServiceException,
  PutEventsCommand,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { createPublisher, type LogisticsEvent, NotPublished } from '../../../publisher/publisher';

const eventBridge = mockClient(EventBridgeClient);

beforeEach(() => eventBridge.reset());

function anUpdate(id: number, detail: object = {}): LogisticsEvent {
  const identity = { event_id: `e-${id}`, occurred_at: '2026-03-02T08:00:00Z' };
  return {
    detailType: 'Shipment Status Updated',
    detail: { shipment_id: 'SHP-1', status: 'failed', ...identity, ...detail },
  };
}

const updates = (count: number, detail?: object) => Array.from({ length: count }, (_, id) => anUpdate(id, detail));

/** What JavaScript callers may pass, whatever the types say. */
const untyped = (event: unknown) => event as LogisticsEvent;

/** The ids of the events of each call, in order. */
const callsMade = () =>
  eventBridge
    .commandCalls(PutEventsCommand)
    .map(({ args }) => args[0].input.Entries?.map(({ Detail = '' }) => JSON.parse(Detail).event_id));

/** A bus that answers each entry by its event's id and how often that event came. */
function busAnswers(answer: (id: string, time: number) => PutEventsResultEntry) {
  const times = new Map<string, number>();
  eventBridge.on(PutEventsCommand).callsFake(({ Entries }) => ({
    Entries: Entries.map(({ Detail }: { Detail: string }) => {
      const { event_id } = JSON.parse(Detail);
      times.set(event_id, (times.get(event_id) ?? 0) + 1);
      return answer(event_id, times.get(event_id) ?? 0);
    }),
  }));
}

const taken = (id: string) => ({ EventId: `bus-${id}` });
const throttled = { ErrorCode: 'ThrottlingException', ErrorMessage: 'slow down' };

function aPublisher() {
  const pauses: number[] = [];
  const publisher = createPublisher({
    busName: 'logistics-events-test',
    client: new EventBridgeClient({ region: 'eu-west-1' }),
    random: () => 0.5,
    pause: async (milliseconds) => pauses.push(milliseconds),
  });
  return { ...publisher, pauses };
}

const failuresOf = async (publishing: Promise<unknown>) => {
  const error = await publishing.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof NotPublished)) throw new Error(`expected NotPublished, got ${error}`);
  return { message: error.message, reasons: error.failures.map(({ index, reasons }) => [index, ...reasons]) };
};

describe('sending', () => {
  it('puts events on the bus as the contracts route them, and returns their ids in order', async () => {
    busAnswers(taken);

    const ids = await aPublisher().publish([anUpdate(1), anUpdate(2)]);

    expect(ids).toEqual(['bus-e-1', 'bus-e-2']);
    expect(eventBridge.commandCalls(PutEventsCommand)[0]?.args[0].input.Entries?.[0]).toEqual({
      EventBusName: 'logistics-events-test',
      Source: 'logistics.shipment',
      DetailType: 'Shipment Status Updated',
      Detail: JSON.stringify(anUpdate(1).detail),
    });
  });

  it('makes calls of ten', async () => {
    busAnswers(taken);

    await aPublisher().publish(updates(23));

    expect(callsMade().map((ids) => ids?.length)).toEqual([10, 10, 3]);
  });

  it('keeps calls with several events below 256 KB, and sends a larger event alone', async () => {
    busAnswers(taken);
    const large = (id: number, size: number) => anUpdate(id, { metadata: { note: 'é'.repeat(size / 2) } });

    await aPublisher().publish([
      large(1, 100_000),
      large(2, 100_000),
      large(3, 100_000),
      large(4, 600_000),
      anUpdate(5),
    ]);

    expect(callsMade()).toEqual([['e-1', 'e-2'], ['e-3'], ['e-4'], ['e-5']]);
  });

  it('makes no call for no events', async () => {
    expect(await aPublisher().publish([])).toEqual([]);
    expect(callsMade()).toEqual([]);
  });
});

describe('refused entries', () => {
  it('are sent again, they alone, after growing pauses', async () => {
    busAnswers((id, time) => (id === 'e-2' && time < 4 ? throttled : taken(id)));
    const publisher = aPublisher();

    const ids = await publisher.publish(updates(4));

    expect(ids).toEqual(['bus-e-0', 'bus-e-1', 'bus-e-2', 'bus-e-3']);
    expect(callsMade()).toEqual([['e-0', 'e-1', 'e-2', 'e-3'], ['e-2'], ['e-2'], ['e-2']]);
    expect(publisher.pauses).toEqual([50, 100, 200]);
  });

  it('of several calls share the next one', async () => {
    busAnswers((id, time) => (id.endsWith('5') && time === 1 ? throttled : taken(id)));

    await aPublisher().publish(updates(30));

    expect(callsMade().at(-1)).toEqual(['e-5', 'e-15', 'e-25']);
  });

  it('are named with their reason when five attempts were not enough', async () => {
    busAnswers((id) => (id === 'e-1' ? throttled : taken(id)));

    const { message, reasons } = await failuresOf(aPublisher().publish(updates(3)));

    expect(reasons).toEqual([[1, 'refused: ThrottlingException: slow down']]);
    expect(message).toContain('1 of 3 events are not on the bus');
    expect(callsMade()).toHaveLength(5);
  });

  it('are not sent again when no retry can help', async () => {
    busAnswers((id) => (id === 'e-1' ? { ErrorCode: 'NotAuthorizedForSourceException' } : taken(id)));

    const { reasons } = await failuresOf(aPublisher().publish(updates(3)));

    expect(reasons).toEqual([[1, 'refused: NotAuthorizedForSourceException: no message']]);
    expect(callsMade()).toHaveLength(1);
  });

  it('include one that the bus gave no answer for', async () => {
    eventBridge.on(PutEventsCommand).resolves({ Entries: [] });

    const { reasons } = await failuresOf(aPublisher().publish([anUpdate(1)]));

    expect(reasons).toEqual([[0, 'refused: no code: no message']]);
  });
});

describe('a call that fails', () => {
  it('ends it: what was on the bus stays unnamed, the rest is named, and nothing more is sent', async () => {
    const denied = new EventBridgeServiceException({
      name: 'AccessDenied',
      $fault: 'client',
      message: 'no',
      $metadata: {},
    });
    eventBridge
      .on(PutEventsCommand)
      .resolvesOnce({ Entries: updates(10).map((_, id) => taken(`e-${id}`)) })
      .rejects(denied);

    const { reasons } = await failuresOf(aPublisher().publish(updates(30)));

    expect(reasons.slice(0, 1)).toEqual([[10, 'refused: AccessDenied: no']]);
    expect(reasons.slice(-1)).toEqual([[29, 'not sent: the call before it failed']]);
    expect(reasons).toHaveLength(20);
    expect(callsMade()).toHaveLength(2);
  });

  it('without an answer may have put its events on the bus, and says so', async () => {
    eventBridge.on(PutEventsCommand).rejects(new Error('socket hang up'));

    const { reasons } = await failuresOf(aPublisher().publish([anUpdate(1)]));

    expect(reasons).toEqual([[0, 'no answer, so it may be on the bus: Error: socket hang up']]);
  });

  it('keeps the reason of an entry that it does not concern', async () => {
    busAnswers((id, time) =>
      time === 1 ? { ...throttled, ...(id === 'e-0' && { ErrorCode: 'MalformedDetail' }) } : taken(id),
    );
    const publisher = createPublisher({
      busName: 'b',
      client: new EventBridgeClient({}),
      pause: () => Promise.reject(),
    });

    const { reasons } = await failuresOf(publisher.publish(updates(2)));

    expect(reasons).toEqual([
      [0, 'refused: MalformedDetail: slow down'],
      [1, 'refused: ThrottlingException: slow down'],
    ]);
  });
});

describe('a signal', () => {
  it('that is aborted already sends nothing and names every event', async () => {
    const { reasons } = await failuresOf(aPublisher().publish(updates(2), { signal: AbortSignal.abort() }));

    expect(reasons.map(([index]) => index)).toEqual([0, 1]);
    expect(reasons[0]?.[1]).toContain('not sent: AbortError');
    expect(callsMade()).toEqual([]);
  });

  it('ends the pause between attempts', async () => {
    busAnswers(() => throttled);
    const stop = new AbortController();
    const client = new EventBridgeClient({ region: 'eu-west-1' });
    const { publish } = createPublisher({ busName: 'b', client, random: () => 1_000_000 });

    const publishing = publish([anUpdate(1)], { signal: stop.signal });
    setTimeout(() => stop.abort(), 20);

    expect((await failuresOf(publishing)).reasons).toEqual([[0, 'refused: ThrottlingException: slow down']]);
    expect(callsMade()).toHaveLength(1);
  });
});

describe('checking', () => {
  const identity = { event_id: 'e-1', occurred_at: '2026-03-02T08:00:00Z' };
  const update = (detail: object) => untyped({ detailType: 'Shipment Status Updated', detail });
  const cyclic: Record<string, unknown> = { error_type: 'a', error_message: 'b' };
  cyclic['self'] = cyclic;

  it.each<[what: string, event: LogisticsEvent, reason: string]>([
    ['a wrong value', anUpdate(1, { status: 'lost' }), 'detail.status must be one of pending,'],
    [
      'a mistyped field',
      update({ shipment_id: 'S', status: 'failed', event_id: 'e', ocurred_at: 'x' }),
      'detail.ocurred_at is no field of',
    ],
    ['no event_id', anUpdate(1, { event_id: undefined }), 'detail.event_id is missing: give it, and the same again'],
    ['no occurred_at', anUpdate(1, { occurred_at: undefined }), 'detail.occurred_at is missing: give it'],
    [
      'an unknown event',
      untyped({ detailType: 'Shipment Lost', detail: {} }),
      'detailType "Shipment Lost" must be one of Shipment Created,',
    ],
    ['a list for a detail', untyped({ detailType: 'Shipment Created', detail: [] }), 'detail must be a JSON object'],
    ['no detail', untyped({ detailType: 'Shipment Created' }), 'detail must be a JSON object'],
    [
      'a number that JSON has not',
      update({ shipment_id: 'S', status: 'failed', ...identity, metadata: { kg: Number.NaN } }),
      'kg is NaN',
    ],
    [
      'a value that JSON drops',
      update({ shipment_id: 'S', status: 'failed', ...identity, metadata: { f: () => 1 } }),
      'f is a function',
    ],
    ['a circle', untyped({ detailType: 'Critical Error', detail: cyclic }), 'detail cannot be sent as JSON'],
    [
      'more than a call holds',
      anUpdate(1, { metadata: { note: 'x'.repeat(1_000_000) } }),
      'an event takes less than 1000000',
    ],
  ])('refuses %s, and sends nothing', async (_, event, reason) => {
    const { message, reasons } = await failuresOf(aPublisher().publish([anUpdate(7), event]));

    expect(reasons[0]?.[0]).toBe(1);
    expect(reasons[0]?.slice(1).join('; ')).toContain(reason);
    expect(reasons[1]).toEqual([0, 'not sent: another event is wrong']);
    expect(message).toContain('2 of 2 events are not on the bus:\n  events[1]');
    expect(callsMade()).toEqual([]);
  });

  it('says a missing field once', async () => {
    const { reasons } = await failuresOf(aPublisher().publish([anUpdate(1, { occurred_at: undefined })]));

    expect(reasons[0]).toHaveLength(2);
  });

  it('lets an error event carry anything else, and metadata any key', async () => {
    busAnswers(taken);
    const error = { error_type: 'label_unreadable', error_message: 'Scanner 14', hall: 3 };

    await aPublisher().publish([
      { detailType: 'Processing Error', detail: error },
      anUpdate(1, { metadata: { hall: 3 } }),
    ]);

    expect(callsMade()).toHaveLength(1);
  });

  it('names twenty events in its message and all in failures', async () => {
    const { message, reasons } = await failuresOf(aPublisher().publish(updates(50, { status: 'lost' })));

    expect(message.split('\n')).toHaveLength(1 + 20 + 1);
    expect(message).toContain('and 30 more: see failures');
    expect(reasons).toHaveLength(50);
  });
});
