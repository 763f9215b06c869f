import { EventEmitter, once } from 'node:events';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { batchesOf } from '../../../../cli/send/batches';
import type { LocatedEvent } from '../../../../cli/send/events';
import { putEvents } from '../../../../cli/send/put-events';
import { sendEvents, type Tally } from '../../../../cli/send/send-events';

const bus = mockClient(EventBridgeClient);
const client = new EventBridgeClient({ region: 'us-east-1' });

beforeEach(() => bus.reset());

const entryOf = (id: number | string) => ({ Source: 's', DetailType: 't', Detail: `{"id":"${id}"}` });

function located(line: number, more: Partial<LocatedEvent> = {}): LocatedEvent {
  return { entry: entryOf(line), bytes: 100, shipment_id: 'S', hasIdentity: false, line, at: `f:${line}`, ...more };
}

async function* stream(count: number, more?: Partial<LocatedEvent>) {
  for (let line = 1; line <= count; line += 1) yield located(line, more);
}

/** A bus that takes each event the first time, but for what `refuse` says of its n-th call. */
function answers(refuse: (detail: string, call: number) => string | undefined = () => undefined) {
  let call = 0;
  bus.on(PutEventsCommand).callsFake(({ Entries = [] }) => {
    call += 1;
    return {
      Entries: Entries.map(({ Detail }: { Detail: string }) => {
        const ErrorCode = refuse(Detail, call);
        return ErrorCode ? { ErrorCode, ErrorMessage: 'sorry' } : { EventId: `id of ${Detail}` };
      }),
    };
  });
}

const sizes = () => bus.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.Entries?.length);

const noWait = async () => undefined;

describe('batches', () => {
  const sizesOf = async (events: AsyncIterable<LocatedEvent>) => {
    const found: number[] = [];
    for await (const batch of batchesOf(events)) found.push(batch.length);
    return found;
  };

  it('hold ten events', async () => {
    expect(await sizesOf(stream(23))).toEqual([10, 10, 3]);
  });

  it('do not wait for more of a source that has fallen silent', async () => {
    const pipe = new EventEmitter();
    async function* live() {
      yield* stream(3);
      await once(pipe, 'more');
      yield* stream(1);
    }

    const batches = batchesOf(live(), 10);

    expect((await batches.next()).value).toHaveLength(3);
    pipe.emit('more');
    expect((await batches.next()).value).toHaveLength(1);
    expect((await batches.next()).done).toBe(true);
  });

  it('end with the error of a source that fails while a batch is being sent', async () => {
    const pipe = new EventEmitter();
    async function* failing() {
      yield* stream(3);
      await once(pipe, 'more');
    }
    const batches = batchesOf(failing(), 10);
    await batches.next();

    pipe.emit('error', new Error('the pipe broke'));
    await new Promise(setImmediate);

    await expect(batches.next()).rejects.toThrow('the pipe broke');
  });

  it('hold as many bytes as a call may have, and a larger event alone', async () => {
    expect(await sizesOf(stream(5, { bytes: 100_000 }))).toEqual([2, 2, 1]);
    expect(await sizesOf(stream(2, { bytes: 900_000 }))).toEqual([1, 1]);
  });
});

describe('putting events on the bus', () => {
  it('tries those again that it refused for the moment, and only those', async () => {
    answers((detail, call) => (detail.includes('b') && call < 3 ? 'ThrottlingException' : undefined));

    const answered = await putEvents(client, ['a', 'b', 'c'].map(entryOf), noWait);

    expect(answered).toEqual(['a', 'b', 'c'].map((id) => ({ id: `id of {"id":"${id}"}` })));
    expect(sizes()).toEqual([3, 1, 1]);
  });

  it('does not try again what it will never take', async () => {
    answers((detail) => (detail.includes('b') ? 'MalformedDetail' : undefined));

    expect(await putEvents(client, ['a', 'b'].map(entryOf), noWait)).toEqual([
      { id: 'id of {"id":"a"}' },
      { refused: 'MalformedDetail: sorry' },
    ]);
    expect(sizes()).toEqual([2]);
  });

  it('tries again what it refused for an unknown reason', async () => {
    answers((_, call) => (call === 1 ? 'NeverHeardOf' : undefined));

    expect(await putEvents(client, [entryOf('a')], noWait)).toEqual([{ id: 'id of {"id":"a"}' }]);
  });

  it('does not try again what got no answer, for it may be on the bus', async () => {
    bus.on(PutEventsCommand).resolves({ Entries: [] });

    expect(await putEvents(client, [entryOf('a')], noWait)).toEqual([{ refused: 'no code: no message' }]);
    expect(sizes()).toEqual([1]);
  });

  it('fails at last, with the reason', async () => {
    answers(() => 'InternalFailure');

    expect(await putEvents(client, [entryOf('a')], noWait)).toEqual([{ refused: 'InternalFailure: sorry' }]);
    expect(sizes()).toHaveLength(8);
  });
});

describe('sending', () => {
  function aRun() {
    const notes: string[] = [];
    const rows: object[] = [];
    const tally: Tally = { sent: 0, refused: 0, withoutIdentity: 0 };
    const asked = new AbortController();
    const print = {
      target: () => undefined,
      note: (text: string) => void notes.push(text),
      rows: (results: readonly object[]) => void rows.push(...results),
      result: () => undefined,
    };
    const resume = (line: number) => `from ${line}`;
    return {
      notes,
      rows,
      tally,
      asked,
      ports: { events: client, print, tally, ending: asked.signal, resume },
    };
  }

  it('tells of each event what the bus said, and counts', async () => {
    answers((detail) => (detail.includes('"2"') ? 'MalformedDetail' : undefined));
    const { rows, tally, ports } = aRun();

    expect(await sendEvents(stream(2), ports)).toBe(true);

    expect(rows).toEqual([
      { at: 'f:1', shipment_id: 'S', envelope_id: 'id of {"id":"1"}', outcome: 'sent' },
      { at: 'f:2', shipment_id: 'S', envelope_id: null, outcome: 'refused by the bus, MalformedDetail: sorry' },
    ]);
    expect(tally).toEqual({ sent: 1, refused: 1, withoutIdentity: 1 });
  });

  it('ends after the call under way when it is asked to, and says where to go on', async () => {
    const { notes, tally, asked, ports } = aRun();
    answers((_detail, call) => {
      if (call === 2) asked.abort();
      return undefined;
    });

    expect(await sendEvents(stream(35), ports)).toBe(false);

    expect(tally.sent).toBe(20);
    expect(notes).toEqual(['ended before f:21; the rest: from 21']);
  });

  it('says what is unknown when a call fails, and from where to go on', async () => {
    const { notes, ports } = aRun();
    answers((_detail, call) => {
      if (call === 2) throw new Error('socket hang up');
      return undefined;
    });

    await expect(sendEvents(stream(35), ports)).rejects.toThrow('socket hang up');

    expect(notes).toEqual([
      'a call failed: up to ten events from f:11 on may be on the bus, or not; from there: from 11',
    ]);
  });

  it('counts those that would be new events if they were sent again', async () => {
    answers();
    const { tally, ports } = aRun();

    await sendEvents(stream(3, { hasIdentity: true }), ports);

    expect(tally).toEqual({ sent: 3, refused: 0, withoutIdentity: 0 });
  });
});
