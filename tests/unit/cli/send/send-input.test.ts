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
  it.each([1, 2, 3, 100])(
    'are the same however the bytes arrive (%d at a time), a character cut in two included',
    async (size) => {
      expect(await all(linesOf(inChunks('é\n\nüx', size), 100))).toEqual([
        { number: 1, text: 'é' },
        { number: 2, text: '' },
        { number: 3, text: 'üx' },
      ]);
    },
  );

  it('that never end are not kept', async () => {
    let most = 0;
    async function* endless() {
      for (let chunk = 0; chunk < 4_096; chunk += 1) {
        yield Buffer.alloc(65_536, 'x');
        most = Math.max(most, process.memoryUsage().arrayBuffers);
      }
    }
    const before = process.memoryUsage().arrayBuffers;

    expect(await all(linesOf(endless(), 1_024))).toEqual([{ number: 1, text: undefined }]);

    // Of 256 MB, what the garbage collector has not come to yet.
    expect(most - before).toBeLessThan(128 * 1_024 * 1_024);
  });

  it('that are too long are passed over, and the next ones found', async () => {
    expect(await all(linesOf(inChunks(`${'x'.repeat(50)}\nok\n`), 10))).toEqual([
      { number: 1, text: undefined },
      { number: 2, text: 'ok' },
    ]);
  });
});

describe('an input', () => {
  const of = (text: string) => all(documentsOf(inChunks(text, 1_000)));

  it('holds an event a line, blank lines and a byte order mark apart', async () => {
    expect(await of('\uFEFF{"a":1}\r\n\n  \n{"b":2}')).toEqual([
      { line: 1, value: { a: 1 } },
      { line: 4, value: { b: 2 } },
    ]);
  });

  it('or one event over many lines', async () => {
    expect(await of('\n{\n  "a": {\n    "b": 1\n  }\n}\n')).toEqual([{ line: 2, value: { a: { b: 1 } } }]);
  });

  it('names the line that is no event, and goes on after it', async () => {
    expect(await of('{"a":1}\n{"b":}\n7\n[{"a":1}]\n{"c":3}\n')).toEqual([
      { line: 1, value: { a: 1 } },
      { line: 2, problem: expect.stringContaining('is no JSON: ') },
      { line: 3, problem: expect.stringContaining('is no object: give one event a line') },
      { line: 4, problem: expect.stringContaining('is a list: give one event a line') },
      { line: 5, value: { c: 3 } },
    ]);
  });

  it('names a broken first line as what it is', async () => {
    expect(await of('{"a":}\n{"b":2}\n')).toEqual([
      { line: 1, problem: expect.stringContaining('is no JSON: ') },
      { line: 2, value: { b: 2 } },
    ]);
  });

  it.each([
    [
      'one that is no double',
      '{"detail":{"metadata":{"sscc":340123450000000016}}}',
      'detail.metadata.sscc is 340123450000000016',
    ],
    ['one beyond all doubles', '{"detail":{"lines":[{"value":1e400}]}}', 'detail.lines[0].value is 1e400'],
    ['one over many lines', '{\n"kg":\n0.12345678901234567890}', 'kg is 0.12345678901234567890'],
  ])('names a number that would be sent as another: %s', async (_, text, found) => {
    expect(await of(text)).toEqual([{ line: 1, problem: expect.stringContaining(`${found}, which is read as `) }]);
  });

  it.each([
    ['{"shipment_id":"A","shipment_id":"B","status":"pending"}', 'shipment_id'],
    ['{\n"detail":{"metadata":{"carrier":"x",\n"carrier":"x"}}}', 'detail.metadata.carrier'],
  ])('names a key of which only the last would be sent: %s', async (text, path) => {
    const problem = `${path} is there twice, and only the last would be read: send it once`;
    expect(await of(text)).toEqual([{ line: 1, problem }]);
  });

  const latin1 = Buffer.from('{"a":1}\n{"origin":"Malm\xf6"}\n{"origin":"Malm\xf6"}\n', 'latin1');
  const utf16 = (text: string) => Buffer.from(text.repeat(3), 'utf16le');
  const utf32 = (text: string) => Buffer.from(Uint32Array.from(text.repeat(3), (one) => one.charCodeAt(0)).buffer);
  const beginningWith = (hex: string) => Buffer.from(`${hex}0a0000ff0a`, 'hex');

  it.each<[what: string, bytes: Buffer, line: number, problem: string]>([
    ['in Latin-1', latin1, 2, 'is not UTF-8; if it is Latin-1, `iconv -f ISO-8859-1'],
    ['cut in the middle of a character', Buffer.from('{"a":1}\n"€"').subarray(0, -2), 2, 'is not UTF-8'],
    ['in UTF-16 with a byte order mark', utf16('\uFEFF{"a":1}\n'), 1, 'is UTF-16: `iconv -f UTF-16LE'],
    ['in UTF-16 without one', utf16('{"a":1}\n'), 1, 'is UTF-16: `iconv -f UTF-16LE'],
    ['in big-endian UTF-16', utf16('\uFEFF{"a":1}\n').swap16(), 1, 'is UTF-16: `iconv -f UTF-16BE'],
    ['in that without a mark', utf16('{"a":1}\n').swap16(), 1, 'is UTF-16: `iconv -f UTF-16BE'],
    ['in UTF-32 with a byte order mark', utf32('\uFEFF{"a":1}\n'), 1, 'is UTF-32: `iconv -f UTF-32LE'],
    ['in UTF-32 without one', utf32('{"a":1}\n'), 1, 'is UTF-32: `iconv -f UTF-32LE'],
    ['in big-endian UTF-32', utf32('\uFEFF{"a":1}\n').swap32(), 1, 'is UTF-32: `iconv -f UTF-32BE'],
    ['in that without a mark', utf32('{"a":1}\n').swap32(), 1, 'is UTF-32: `iconv -f UTF-32BE'],
    ['in UTF-16 with a first line of one character', utf16('{\n"a":1}\n'), 1, 'is UTF-16: `iconv -f UTF-16LE'],
    ['that zip has compressed', beginningWith('504b03040a00'), 1, 'is compressed by zip: unzip it first'],
    ['that zstd has compressed', beginningWith('28b52ffd04'), 1, 'is compressed by zstd: unzstd it first'],
    ['that xz has compressed', beginningWith('fd377a585a00'), 1, 'is compressed by xz: unxz it first'],
    ['that bzip2 has compressed', beginningWith('425a6839'), 1, 'is compressed by bzip2: bunzip2 it first'],
    ['that gzip has compressed', gzipSync('{"a":1}\n{"a":1}\n'), 1, 'is compressed by gzip: gunzip it first'],
  ])('%s says so once, and ends there', async (_, bytes, line, problem) => {
    const found = await all(documentsOf(inChunks(bytes, 3)));

    expect(found.filter((document) => 'problem' in document)).toEqual([
      { line, problem: expect.stringMatching(new RegExp(`^${problem}.*; nothing from this line on is read$`)) },
    ]);
    expect(found.at(-1)).toMatchObject({ line });
  });

  it('may be empty', async () => {
    expect(await of('')).toEqual([]);
  });

  it('is read no further than its events are asked for', async () => {
    let chunks = 0;
    async function* endless() {
      for (;;) {
        chunks += 1;
        yield Buffer.from('{"a":1}\n'.repeat(1_000));
      }
    }

    let events = 0;
    for await (const _ of documentsOf(endless())) {
      events += 1;
      if (events === 100_000) break;
    }

    expect(chunks).toBe(100);
  });

  it.each([
    ['one endless line', 'x'.repeat(1_000), 1],
    ['one endless event', '"a": 1,\n', 1],
    ['endless empty lines in an event', '\n', 1],
  ])('is not held in memory: %s is reported once', async (_name, text, line) => {
    let chunks = 0;
    async function* endless() {
      if (!text.startsWith('x')) yield Buffer.from('{\n');
      const chunk = Buffer.from(text.repeat(Math.ceil(65_536 / text.length)));
      for (; chunks < (4 * MAX_DOCUMENT_BYTES) / chunk.length; chunks += 1) yield chunk;
    }

    expect(await all(documentsOf(endless()))).toEqual([
      { line, problem: 'is longer than 8 MB: one event a line, or one a file' },
    ]);
  });
});

describe('an event to send', () => {
  const options = { busName: 'logistics-events-dev', byContract: true, now: () => Date.UTC(2026, 10, 1) };
  const rightOnes = sampleEvents().filter(({ reason, key }) => reason === undefined && key !== undefined);
  // Only the log knows that another event had this identity.
  const wrongOnes = sampleEvents().filter(
    ({ reason, name }) => reason !== undefined && name !== 'invalid/status-updater/conflict',
  );

  const jsonOf = (event: object): JsonObject => JSON.parse(JSON.stringify(event));

  it.each(rightOnes)('is accepted as $name is, with its own time', ({ event }) => {
    expect(checkedEvent(jsonOf(event), options).entry).toEqual({
      EventBusName: 'logistics-events-dev',
      Source: event.source,
      DetailType: event['detail-type'],
      Detail: JSON.stringify(event.detail),
      Time: new Date(event.time),
    });
  });

  it.each(wrongOnes)('is refused as $name is by its function, in the same words', ({ event, reason }) => {
    expect(() => checkedEvent(jsonOf(event), options)).toThrow(reason);
  });

  it('is refused when no contract takes it, unless it is not to be checked', () => {
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
    expect(() => checkedEvent({ ...entry, EventBusName: 'other' }, options)).toThrow(
      'EventBusName is other: this goes to',
    );
    expect(() => checkedEvent({ ...entry, Detail: '{' }, options)).toThrow('Detail must be JSON');
    expect(() => checkedEvent({ ...entry, Detail: '{"kg":[1e400]}' }, options)).toThrow('detail.kg[0] is 1e400');
    expect(() => checkedEvent({ ...entry, Detail: '{"shipment_id":"A","shipment_id":"B"}' }, options)).toThrow(
      'detail.shipment_id is there twice',
    );
  });

  it.each([
    [{ ...entry, EventBusName: null, Time: null, Resources: null, TraceHeader: null }],
    [
      {
        source: 'logistics.shipment',
        'detail-type': 'Shipment Created',
        detail: { shipment_id: 'S-1' },
        time: null,
        account: null,
        DetailType: null,
      },
    ],
  ])('takes null for a field that need not be there: %j', (value) => {
    const checked = checkedEvent(value, options);

    expect(checked).toEqual(checkedEvent(entry, options));
    expect(checked.entry).not.toHaveProperty('Time');
  });

  it.each([
    [{ ...entry, Source: null }, 'source must be a string'],
    [{ ...entry, Detail: null }, 'detail must be a JSON object'],
  ])('refuses null for a field that must be there: %j', (value, problem) => {
    expect(() => checkedEvent(value, options)).toThrow(problem);
  });

  it('is held to the clock as it is then: a pipe may be open for longer than a clock may be ahead', () => {
    let now = Date.UTC(2026, 10, 1);
    const open = { ...options, now: () => now };
    const current = () => ({ ...entry, Time: new Date(now).toISOString() });
    checkedEvent(current(), open);

    now += 3_600_000;

    expect(checkedEvent(current(), open).entry.Time).toEqual(new Date(now));
  });

  it('without a time has none of its own: the bus gives it one', () => {
    expect(checkedEvent(entry, options).entry).not.toHaveProperty('Time');
  });

  it.each([
    [{}, 'source must be a string'],
    [{ source: 's' }, 'detail-type must be a string'],
    [{ source: 's', 'detail-type': 't', time: 'noon' }, 'time must be an RFC 3339 date-time'],
    [{ source: 's', 'detail-type': 't', detail: 'text' }, 'detail must be a JSON object'],
  ])('of %j is refused with the field, checked or not', (value, problem) => {
    expect(() => checkedEvent(value, { ...options, byContract: false })).toThrow(problem);
  });

  it('is refused when the bus would not take its size', () => {
    const detail = { shipment_id: 'S', further: 'x'.repeat(1_100_000) };

    expect(() =>
      checkedEvent({ source: 'logistics.shipment', 'detail-type': 'Shipment Created', detail }, options),
    ).toThrow(/^the event has 1100\d{3} bytes: the bus takes less than 1000000$/);
  });
});
