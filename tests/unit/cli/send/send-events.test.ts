import { EventEmitter, once } from 'node:events';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { batchesOf } from '../../../../cli/send/batches';
import type { LocatedEvent } from '../../../../cli/send/events';
import { putEvents } from '../../../../cli/send/put-events';
import { sendEvents, type Tally } from '../../../../cli/send/send-events';
import { recordedPrint } from '../../../support/recorded-print';
import { answers, inputsOf } from '../mocked-aws';

const client = new EventBridgeClient({ region: 'us-east-1' });

const entryOf = (id: number) => ({ EventBusName: 'b', Source: 's', DetailType: 't', Detail: `{"id":"${id}"}` });

const COMMON = { bytes: 100, shipment_id: 'S', hasIdentity: false, recorded: undefined };

async function* stream(count: number, changed: Partial<LocatedEvent> = {}): AsyncGenerator<LocatedEvent> {
  for (let line = 1; line <= count; line += 1)
    yield { ...COMMON, entry: entryOf(line), line, at: `f:${line}`, ...changed };
}

/** Has the bus accept each event, unless `refuse` returns an error code for the event in this call. */
function busRefuses(refuse: (detail: string, call: number) => string | undefined): void {
  answers['PutEvents'] = ({ Entries }) => ({
    Entries: Entries.map(({ Detail }: { Detail: string }) => {
      const ErrorCode = refuse(Detail, inputsOf('PutEvents').length);
      return ErrorCode ? { ErrorCode, ErrorMessage: 'sorry' } : { EventId: `id of ${Detail}` };
    }),
  });
}

describe('batches', () => {
  it.each([
    ['ten events', 23, 100, [10, 10, 3]],
    ['no more bytes than a call may have', 5, 100_000, [2, 2, 1]],
    ['a larger event alone', 2, 900_000, [1, 1]],
  ])('hold %s', async (_, count, bytes, sizes) => {
    const found: number[] = [];
    for await (const batch of batchesOf(stream(count, { bytes }))) found.push(batch.length);
    expect(found).toEqual(sizes);
  });

  /** A pipe with three events, which then goes idle until `more`. */
  const pipe = new EventEmitter();
  async function* live() {
    yield* stream(3);
    await once(pipe, 'more');
    yield* stream(1);
  }

  it('do not wait for an idle source', async () => {
    const batches = batchesOf(live(), 10);

    expect((await batches.next()).value).toHaveLength(3);
    pipe.emit('more');
    expect((await batches.next()).value).toHaveLength(1);
    expect((await batches.next()).done).toBe(true);
  });

  it('end with the error of a source that fails while a batch is sent', async () => {
    const batches = batchesOf(live(), 10);
    await batches.next();

    pipe.emit('error', new Error('the pipe broke'));
    await new Promise(setImmediate);

    await expect(batches.next()).rejects.toThrow('the pipe broke');
  });
});

it('sends an entry that the bus refuses with a transient error eight times', async () => {
  busRefuses(() => 'InternalFailure');

  expect(await putEvents(client, [entryOf(1)], async () => undefined)).toEqual([{ refused: 'InternalFailure: sorry' }]);
  expect(inputsOf('PutEvents')).toHaveLength(8);
});

describe('sending', () => {
  function aRun() {
    const { lines, rows, print } = recordedPrint();
    const tally: Tally = { sent: 0, refused: 0, withoutIdentity: 0 };
    const resume = (line: number) => `from ${line}`;
    const { signal: ending } = new AbortController();
    return { lines, rows, tally, ports: { events: client, print, tally, ending, resume } };
  }

  it.each([
    [false, 1],
    [true, 0],
  ])(
    'prints the answer of the bus for each event, and counts (with identities: %p)',
    async (hasIdentity, withoutIdentity) => {
      busRefuses((detail) => (detail.includes('"2"') ? 'MalformedDetail' : undefined));
      const { rows, tally, ports } = aRun();

      expect(await sendEvents(stream(2, { hasIdentity }), ports)).toBe(true);

      expect(rows).toEqual([
        { at: 'f:1', shipment_id: 'S', envelope_id: 'id of {"id":"1"}', outcome: 'sent' },
        { at: 'f:2', shipment_id: 'S', envelope_id: null, outcome: 'refused by the bus, MalformedDetail: sorry' },
      ]);
      expect(tally).toEqual({ sent: 1, refused: 1, withoutIdentity });
    },
  );

  it('names the events whose outcome is unknown when a call fails, and the command for the rest', async () => {
    const { lines, ports } = aRun();
    busRefuses((_detail, call) => {
      if (call === 2) throw new Error('socket hang up');
      return undefined;
    });

    await expect(sendEvents(stream(35), ports)).rejects.toThrow('socket hang up');

    expect(lines).toEqual([
      'a call failed: up to ten events from f:11 on may be on the bus, or not; from there: from 11',
    ]);
  });
});
