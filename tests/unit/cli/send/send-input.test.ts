import { gzipSync } from 'node:zlib';
import { checkedEvent } from '../../../../cli/send/checked-event';
import { documentsOf, MAX_DOCUMENT_BYTES } from '../../../../cli/send/documents';
import { linesOf } from '../../../../cli/send/lines';
import { sampleEvents } from '../../../../demo/sample-events';
import type { JsonObject } from '../../../../src/domain/json';

async function* inChunks(text: string | Buffer, size = 7): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('lines', () => {
  it.each([1, 2, 3, 100])('are the same for any size of chunks (%d bytes), which may cut a character', async (size) => {
    expect(await all(linesOf(inChunks('é\n\ntoo long\nüx', size), 4))).toEqual([
      { number: 1, text: 'é' },
      { number: 2, text: '' },
      { number: 3, text: undefined },
      { number: 4, text: 'üx' },
    ]);
  });

  it('without an end are not kept in memory', async () => {
    let most = 0;
    async function* endless() {
      for (let chunk = 0; chunk < 4_096; chunk += 1) {
        yield Buffer.alloc(65_536, 'x');
        most = Math.max(most, process.memoryUsage().arrayBuffers);
      }
    }
    const before = process.memoryUsage().arrayBuffers;

    expect(await all(linesOf(endless(), 1_024))).toEqual([{ number: 1, text: undefined }]);

    // Of 256 MB; some are not yet garbage-collected.
    expect(most - before).toBeLessThan(128 * 1_024 * 1_024);
  });
});

describe('an input', () => {
  it.each<[title: string, text: string, documents: object[]]>([
    ['nothing', '', []],
    [
      'one event a line, with blank lines and a byte order mark',
      '\uFEFF{"a":1}\r\n\n  \n{"b":2}',
      [
        { line: 1, value: { a: 1 } },
        { line: 4, value: { b: 2 } },
      ],
    ],
    ['one event over many lines', '\n{\n  "a": {\n    "b": 1\n  }\n}\n', [{ line: 2, value: { a: { b: 1 } } }]],
    [
      'lines without an event, and an event after them',
      '{"b":}\n7\n[{"a":1}]\n{"a":1,"a":2}\n{"c":3}\n',
      [
        { line: 1, problem: expect.stringContaining('is no JSON: ') },
        { line: 2, problem: expect.stringContaining('is no object: give one event a line') },
        { line: 3, problem: expect.stringContaining('is a list: give one event a line') },
        { line: 4, problem: 'a is there twice, and only the last would be read: send it once' },
        { line: 5, value: { c: 3 } },
      ],
    ],
    [
      'an event over many lines with a number that would change',
      '{\n"kg":\n0.12345678901234567890}',
      [{ line: 1, problem: 'kg is 0.12345678901234567890, which is read as 0.12345678901234568: send it as a string' }],
    ],
  ])('may hold %s', async (_, text, documents) => {
    expect(await all(documentsOf(inChunks(text, 1_000)))).toEqual(documents);
  });

  const latin1 = Buffer.from('{"a":1}\n{"origin":"Malm\xf6"}\n{"origin":"Malm\xf6"}\n', 'latin1');
  const utf16 = (text: string) => Buffer.from(text.repeat(3), 'utf16le');

  it.each<[title: string, bytes: Buffer, line: number, problem: string]>([
    ['in Latin-1', latin1, 2, 'is not UTF-8: '],
    ['cut in the middle of a character', Buffer.from('{"a":1}\n"€"').subarray(0, -2), 2, 'is not UTF-8: '],
    ['in UTF-16 with a byte order mark', utf16('\uFEFF{"a":1}\n'), 1, 'is not UTF-8: '],
    ['in UTF-16 without one', utf16('{"a":1}\n'), 1, 'is no JSON: '],
    ['that gzip has compressed', gzipSync('{"a":1}\n{"a":1}\n'), 1, 'is not UTF-8: unpack it'],
  ])('%s has one problem and is read no further', async (_, bytes, line, problem) => {
    const found = await all(documentsOf(inChunks(bytes, 3)));

    expect(found.filter((document) => 'problem' in document)).toEqual([
      { line, problem: expect.stringContaining(problem) },
    ]);
    expect(found.at(-1)).toMatchObject({ line });
  });

  it('is read only as far as its events are consumed', async () => {
    let chunks = 0;
    async function* endless() {
      for (;;) {
        chunks += 1;
        yield Buffer.from('{"a":1}\n'.repeat(1_000));
      }
    }

    const documents = documentsOf(endless());
    for (let event = 0; event < 10_000; event += 1) await documents.next();

    expect(chunks).toBe(10);
  });

  it.each([
    ['an endless line', 'x'.repeat(1_000)],
    ['an endless event', `"a": 1,${' '.repeat(1_000)}\n`],
    ['an event with endless empty lines', '\n'],
  ])('is refused when it has %s', async (_, text) => {
    let chunks = 0;
    async function* endless() {
      if (!text.startsWith('x')) yield Buffer.from('{\n');
      const chunk = Buffer.from(text.repeat(Math.ceil(65_536 / text.length)));
      for (; chunks < (1.5 * MAX_DOCUMENT_BYTES) / chunk.length; chunks += 1) yield chunk;
    }

    expect(await all(documentsOf(endless()))).toEqual([
      { line: 1, problem: 'is longer than 8 MB: one event a line, or one a file' },
    ]);
  });
});

describe('an event to send', () => {
  const options = { busName: 'logistics-events-dev', byContract: true, now: () => Date.UTC(2026, 10, 1) };
  const validSamples = sampleEvents().filter(({ reason, key }) => reason === undefined && key !== undefined);

  const jsonOf = (event: object): JsonObject => JSON.parse(JSON.stringify(event));

  it.each(validSamples)('is accepted like $name, with its own time', ({ event }) => {
    expect(checkedEvent(jsonOf(event), options).entry).toEqual({
      EventBusName: 'logistics-events-dev',
      Source: event.source,
      DetailType: event['detail-type'],
      Detail: JSON.stringify(event.detail),
      Time: new Date(event.time),
    });
  });

  it('is refused when no contract accepts it, unless it is not checked', () => {
    const mistyped = { source: 'logistics.shipment', 'detail-type': 'Shipment Create', detail: { shipment_id: 'S' } };

    expect(() => checkedEvent(mistyped, options)).toThrow(
      'source and detail-type are logistics.shipment / Shipment Create: no contract takes that, only logistics.shipment / Shipment Created,',
    );
    expect(checkedEvent(mistyped, { ...options, byContract: false }).entry.DetailType).toBe('Shipment Create');
  });

  const entry = { Source: 'logistics.shipment', DetailType: 'Shipment Created', Detail: '{"shipment_id":"S-1"}' };

  it('may have the form of an entry of PutEvents, for this bus', () => {
    expect(checkedEvent({ ...entry, EventBusName: options.busName }, options)).toMatchObject({
      entry: { ...entry, EventBusName: options.busName },
      shipment_id: 'S-1',
      hasIdentity: false,
    });
  });

  it('may have null for an optional field', () => {
    const nulls = { account: null, time: null, EventBusName: null, Time: null, Resources: null };
    const event = { source: entry.Source, 'detail-type': entry.DetailType, detail: { shipment_id: 'S-1' } };

    const checked = checkedEvent({ ...event, ...nulls, DetailType: null }, options);

    expect(checked).toEqual(checkedEvent({ ...entry, ...nulls }, options));
    expect(checked).toEqual(checkedEvent(entry, options));
    expect(checked.entry).not.toHaveProperty('Time');
  });

  it('is checked by the time of the check, not of the start of the command', () => {
    let now = Date.UTC(2026, 10, 1);
    const open = { ...options, now: () => now };
    const current = () => ({ ...entry, Time: new Date(now).toISOString() });
    checkedEvent(current(), open);

    now += 3_600_000;

    expect(checkedEvent(current(), open).entry.Time).toEqual(new Date(now));
  });

  it.each([
    [{ ...entry, EventBusName: 'other' }, 'EventBusName is other: this goes to'],
    [{ ...entry, Detail: '{' }, 'Detail must be JSON'],
    [{ ...entry, Detail: '{"kg":[1e400]}' }, 'detail.kg[0] is 1e400'],
    [{ ...entry, Detail: '{"shipment_id":"A","shipment_id":"B"}' }, 'detail.shipment_id is there twice'],
    [{ ...entry, Detail: null }, 'detail must be a JSON object'],
    [{ ...entry, Source: null }, 'source must be a string'],
    [{ source: 's' }, 'detail-type must be a string'],
    [{ source: 's', 'detail-type': 't', time: 'noon' }, 'time must be an RFC 3339 date-time'],
    [{ source: 's', 'detail-type': 't', detail: 'text' }, 'detail must be a JSON object'],
  ])('of %j is refused with the name of the field, checked or not', (value, problem) => {
    for (const byContract of [true, false])
      expect(() => checkedEvent(value, { ...options, byContract })).toThrow(problem);
  });

  it('is refused when it is larger than the bus accepts', () => {
    const Detail = JSON.stringify({ shipment_id: 'S', padding: 'x'.repeat(1_100_000) });

    expect(() => checkedEvent({ ...entry, Detail }, options)).toThrow(
      /^the event has 1100\d{3} bytes: the bus takes less than 1000000$/,
    );
  });
});
