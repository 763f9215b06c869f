import { EventBridgeClient, EventBridgeServiceException, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { createPublisher } from '../../../publisher/publisher';
import {
  anUpdate,
  aPublisher,
  busAnswers,
  callsMade,
  eventBridge,
  failuresOf,
  taken,
  throttled,
  updates,
} from '../../support/builders/publishing';

beforeEach(() => eventBridge.reset());

describe('sending', () => {
  it('puts events on the bus with source and detail-type of their contract, and returns their ids in order', async () => {
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

  it('keeps calls with several events below 256 KB, and sends a larger event alone', async () => {
    busAnswers(taken);
    const large = (id: number, size: number) => anUpdate(id, { metadata: { note: 'é'.repeat(size / 2) } });

    await aPublisher().publish([
      large(1, 100_000),
      large(2, 100_000),
      large(3, 100_000),
      large(4, 400_000),
      anUpdate(5),
    ]);

    expect(callsMade()).toEqual([['e-1', 'e-2'], ['e-3'], ['e-4'], ['e-5']]);
  });

  it('makes no call for an empty list', async () => {
    expect(await aPublisher().publish([])).toEqual([]);
    expect(callsMade()).toEqual([]);
  });
});

describe('refused entries', () => {
  it('are retried, without the others, after growing pauses', async () => {
    busAnswers((id, time) => (id === 'e-2' && time < 4 ? throttled : taken(id)));
    const publisher = aPublisher();

    const ids = await publisher.publish(updates(4));

    expect(ids).toEqual(['bus-e-0', 'bus-e-1', 'bus-e-2', 'bus-e-3']);
    expect(callsMade()).toEqual([['e-0', 'e-1', 'e-2', 'e-3'], ['e-2'], ['e-2'], ['e-2']]);
    expect(publisher.pauses).toEqual([50, 100, 200]);
  });

  it('of several calls share a call when they are retried', async () => {
    busAnswers((id, time) => (id.endsWith('5') && time === 1 ? throttled : taken(id)));

    await aPublisher().publish(updates(30));

    expect(callsMade().at(-1)).toEqual(['e-5', 'e-15', 'e-25']);
  });

  it('are reported with the reason after five attempts', async () => {
    busAnswers((id) => (id === 'e-1' ? throttled : taken(id)));

    const { message, reasons } = await failuresOf(aPublisher().publish(updates(3)));

    expect(reasons).toEqual([[1, 'refused: ThrottlingException: slow down']]);
    expect(message).toContain('1 of 3 events are not on the bus');
    expect(callsMade()).toHaveLength(5);
  });

  it.each([
    ['a permanent error', { ErrorCode: 'MalformedDetail' }, 'MalformedDetail', 1],
    ['no code, which may be on the bus,', {}, 'no code', 1],
    ['an unknown code', { ErrorCode: 'NeverHeardOf' }, 'NeverHeardOf', 5],
  ])('with %s (%j, %s) are sent %d times', async (_, refusal, code, times) => {
    busAnswers((id) => (id === 'e-1' ? refusal : taken(id)));

    const { reasons } = await failuresOf(aPublisher().publish(updates(3)));

    expect(reasons).toEqual([[1, `refused: ${code}: no message`]]);
    expect(callsMade()).toHaveLength(times);
  });
});

describe('a call that fails', () => {
  it('is the last one, and all events that are not on the bus are reported', async () => {
    const fault = { $fault: 'client', $metadata: {} } as const;
    const denied = new EventBridgeServiceException({ name: 'AccessDenied', message: 'no', ...fault });
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

  it('without an answer is reported as possibly on the bus', async () => {
    eventBridge.on(PutEventsCommand).rejects(new Error('socket hang up'));

    const { reasons } = await failuresOf(aPublisher().publish([anUpdate(1)]));

    expect(reasons).toEqual([[0, 'no answer, so it may be on the bus: Error: socket hang up']]);
  });

  it('leaves the reasons of earlier refusals when the pause fails', async () => {
    busAnswers((id, time) =>
      time === 1 ? { ...throttled, ...(id === 'e-0' && { ErrorCode: 'MalformedDetail' }) } : taken(id),
    );
    const client = new EventBridgeClient({});
    const publisher = createPublisher({ busName: 'b', client, pause: () => Promise.reject() });

    const { reasons } = await failuresOf(publisher.publish(updates(2)));

    expect(reasons).toEqual([
      [0, 'refused: MalformedDetail: slow down'],
      [1, 'refused: ThrottlingException: slow down'],
    ]);
  });
});

describe('an aborted signal', () => {
  it('sends nothing and reports every event when it was aborted before', async () => {
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
