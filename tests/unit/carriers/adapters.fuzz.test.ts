/** Hostile webhooks for every adapter: the result is an UnreadableWebhook, or events that the contract accepts. */
import fc from 'fast-check';
import { CARRIERS, type CarrierName, UnreadableWebhook } from '../../../carriers/carriers';
import { checkEvent } from '../../../publisher/events';
import { sampleBody } from '../../support/builders/webhook-calls';
import { codePoint } from '../../support/fuzz/json-text';

const NOW = Date.now();
const SETTINGS = { timeZone: 'Asia/Kolkata', now: NOW };
const NAMES = Object.keys(CARRIERS) as CarrierName[];

function readHostile(name: CarrierName, payload: unknown): void {
  try {
    const { events, unknownStatuses, unreadable } = CARRIERS[name].toEvents(payload, SETTINGS);
    for (const event of events) {
      expect(checkEvent(event)).not.toHaveProperty('problems');
      for (const value of Object.values(event.detail.metadata)) expect(String(value).length).toBeLessThanOrEqual(100);
    }
    for (const { word, trackingNumber } of unknownStatuses) {
      expect(word).toMatch(/^[ -~]{0,64}$/);
      expect(trackingNumber.length).toBeLessThanOrEqual(128);
    }
    for (const { field, problem } of unreadable) expect(`${field} ${problem}`).toMatch(/^[ -~]{1,256}$/);
  } catch (error) {
    expect(error).toBeInstanceOf(UnreadableWebhook);
    expect((error as Error).message).toMatch(/^[ -~]{1,256}$/);
  }
}

const hostile = fc.oneof(
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<unknown> },
  { weight: 1, arbitrary: fc.date({ max: new Date(4e12), noInvalidDate: true }).map((date) => date.toISOString()) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>('', '__proto__', '2026-03-29T02:30:00', '9999-12-31T23:59:59-23:59'),
  },
  { weight: 1, arbitrary: fc.string({ unit: codePoint, maxLength: 200 }) },
);

/** The path of each value in a JSON value. */
const pathsIn = (value: unknown, path: readonly string[] = []): (readonly string[])[] => [
  path,
  ...(typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, member]) => pathsIn(member, [...path, key]))
    : []),
];

/** The value with another one at a path, unless an earlier change has removed the path. */
function withChange(value: unknown, [key, ...rest]: readonly string[], change: unknown): unknown {
  if (key === undefined) return change;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return value;
  const changed = withChange(Reflect.get(value, key), rest, change);
  return Array.isArray(value) ? value.with(Number(key), changed) : { ...value, [key]: changed };
}

describe.each(NAMES)('%s', (name) => {
  const sample = JSON.parse(sampleBody(name));
  const path = fc.constantFrom(...pathsIn(sample));

  it('survives any JSON in place of any parts of a webhook', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(path, hostile), { minLength: 1, maxLength: 4 }), (changes) =>
        readHostile(
          name,
          changes.reduce((payload: unknown, [place, value]) => withChange(payload, place, value), sample),
        ),
      ),
      { numRuns: 500 },
    );
  });

  it('survives nesting deeper than the call stack, and huge texts and lists, in place of any part', () => {
    const deep = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`);
    const huge = 'x\n'.repeat(500_000);
    const scans = Array.from({ length: 20_000 }, (_, index) => ({ status: huge, tag: huge, datetime: index }));

    for (const value of [deep, huge, [deep], scans, [huge]])
      for (const place of pathsIn(sample)) readHostile(name, withChange(sample, place, value));
  });
});
