import { EventEmitter, once } from 'node:events';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { batchesOf } from '../../../../cli/send/batches';
import type { LocatedEvent } from '../../../../cli/send/events';
import { putEvents } from '../../../../cli/send/put-events';
import { sendEvents, type Tally } from '../../../../cli/send/send-events';
import { bus } from '../mocked-aws';

const client = new EventBridgeClient({ region: 'us-east-1' });

const entryOf = (id: number) => ({ Source: 's', DetailType: 't', Detail: `{"id":"${id}"}` });

async function* stream(count: number, more: Partial<LocatedEvent> = {}): AsyncGenerator<LocatedEvent> {
  for (let line = 1; line <= count; line += 1)
    yield { entry: entryOf(line), bytes: 100, shipment_id: 'S', hasIdentity: false, line, at: `f:${line}`, ...more };
}

/** A bus that takes each event, but for what `refuse` says of it in its n-th call. */
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

describe('batches', () => {
  it.each([
    ['ten events', 23, 100, [10, 10, 3]],
    ['as many bytes as a call may have', 5, 100_000, [2, 2, 1]],
    ['a larger event alone', 2, 900_000, [1, 1]],
  ])('hold %s', async (_, count, bytes, sizes) => {
    const found: number[] = [];
    for await (const batch of batchesOf(stream(count, { bytes }))) found.push(batch.length);
    expect(found).toEqual(sizes);
  });

  /** A pipe with three events, which then falls silent until more is written. */
  const pipe = new EventEmitter();
  async function* live() {
    yield* stream(3);
    await once(pipe, 'more');
    yield* stream(1);
  }

  it('do not wait for more of a source that has fallen silent', async () => {
    const batches = batchesOf(live(), 10);

    expect((await batches.next()).value).toHaveLength(3);
    pipe.emit('more');
    expect((await batches.next()).value).toHaveLength(1);
    expect((await batches.next()).done).toBe(true);
  });

  it('end with the error of a source that fails while a batch is being sent', async () => {
    const batches = batchesOf(live(), 10);
    await batches.next();

    pipe.emit('error', new Error('the pipe broke'));
    await new Promise(setImmediate);

    await expect(batches.next()).rejects.toThrow('the pipe broke');
  });
});

it('an entry that the bus refuses for the moment is tried eight times', async () => {
  answers(() => 'InternalFailure');

  expect(await putEvents(client, [entryOf(1)], async () => undefined)).toEqual([{ refused: 'InternalFailure: sorry' }]);
  expect(bus.commandCalls(PutEventsCommand)).toHaveLength(8);
});

describe('sending', () => {
  function aRun() {
    const [notes, rows]: [string[], object[]] = [[], []];
    const tally: Tally = { sent: 0, refused: 0, withoutIdentity: 0 };
    const asked = new AbortController();
    const print = {
      target: () => undefined,
      note: (text: string) => void notes.push(text),
      rows: (results: readonly object[]) => void rows.push(...results),
      result: () => undefined,
    };
    const resume = (line: number) => `from ${line}`;
    return { notes, rows, tally, asked, ports: { events: client, print, tally, ending: asked.signal, resume } };
  }

  it.each([
    [false, 1],
    [true, 0],
  ])(
    'tells of each event what the bus said, and counts (with identities: %p)',
    async (hasIdentity, withoutIdentity) => {
      answers((detail) => (detail.includes('"2"') ? 'MalformedDetail' : undefined));
      const { rows, tally, ports } = aRun();

      expect(await sendEvents(stream(2, { hasIdentity }), ports)).toBe(true);

      expect(rows).toEqual([
        { at: 'f:1', shipment_id: 'S', envelope_id: 'id of {"id":"1"}', outcome: 'sent' },
        { at: 'f:2', shipment_id: 'S', envelope_id: null, outcome: 'refused by the bus, MalformedDetail: sorry' },
      ]);
      expect(tally).toEqual({ sent: 1, refused: 1, withoutIdentity });
    },
  );

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
});
