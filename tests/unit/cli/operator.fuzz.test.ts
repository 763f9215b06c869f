/** Hostile input of the commands: a clear error or a result, without control characters. */
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { readFailureMessage } from '../../../cli/messages/dead-letter-message';
import { checkedEvent } from '../../../cli/send/checked-event';
import { documentsOf } from '../../../cli/send/documents';
import { forPeople, forPrograms } from '../../../cli/terminal/output';
import { CONTRACTS } from '../../../contracts/generated/contracts';
import { failureOf } from '../../../src/domain/failure-row';
import { Rejected } from '../../../src/domain/failures';
import { isObject } from '../../../src/domain/json';
import { hostileEvent } from '../../support/fuzz/events';
import { CONTROL_CHARACTERS, hostileJson, hostileText, nested } from '../../support/fuzz/json-text';
import { writtenTo } from '../../support/written';

const PARAMETERS = { seed: 7, numRuns: 1_000 };

const anyEvent = hostileEvent(Object.values(CONTRACTS).flat());

async function* inChunks(text: string): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += 1_000) yield bytes.subarray(start, start + 1_000);
}

const printed = (how: typeof forPeople, result: object) => {
  const out = new PassThrough();
  const print = how(out, new PassThrough());
  print.rows([result]);
  print.result(result);
  return writtenTo(out);
};

/** Output of all fields of a dead-letter message with this body. */
function shown(body: string): string {
  const message = readFailureMessage({ MessageId: 'm', Body: body, Attributes: { SentTimestamp: '1772438400000' } });
  const { event } = message;
  const { event: described, ...row } = failureOf(event, undefined, 'logistics-status-updater-dev');
  const result = { ...message, ...row, described, event };
  return printed(forPeople, result) + printed(forPrograms, result);
}

const record = (event: string) =>
  `{"requestContext":{"condition":"RetriesExhausted"},"requestPayload":${event},"responsePayload":${event}}`;

describe('a dead-letter message', () => {
  it('with any body is printed without control characters', () => {
    const bodies = fc.oneof(anyEvent, anyEvent.map(record), hostileJson, hostileText);
    fc.assert(
      fc.property(bodies, (body) => expect(shown(body)).not.toMatch(CONTROL_CHARACTERS)),
      PARAMETERS,
    );
  });

  it.each([31, 999, 5_000, 200_000])('with an event of %d levels is printed in proportion to its length', (levels) => {
    const event = `{"detail-type":"x","detail":${nested(levels)}}`;

    for (const body of [event, record(event)]) expect(shown(body).length).toBeLessThan(20 * body.length + 5_000);
  });
});

describe('an input of send', () => {
  const options = { busName: 'bus', now: () => Date.UTC(2026, 2, 2, 9) };

  /**
   * Problems of the documents of an input.
   * @throws errors that are no rejection
   */
  async function problemsOf(text: string, byContract: boolean): Promise<string[]> {
    const problems: string[] = [];
    for await (const document of documentsOf(inChunks(text))) {
      if ('problem' in document) problems.push(document.problem);
      else {
        try {
          checkedEvent(document.value, { ...options, byContract });
        } catch (error) {
          if (!(error instanceof Rejected)) throw error;
          problems.push(error.message);
        }
      }
    }
    return problems;
  }

  it('has each event accepted or rejected with a reason', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(anyEvent, hostileText), { maxLength: 3 }), fc.boolean(), async (lines, by) => {
        for (const problem of await problemsOf(lines.join('\n'), by)) expect(problem).not.toBe('');
      }),
      PARAMETERS,
    );
  });

  it.each([true, false])(
    'is rejected when it is nested beyond the stack (checked against its contract: %s)',
    async (byContract) => {
      const detail = `{"shipment_id":"SHP-1","more":${nested(200_000)}}`;
      const event = `{"source":"logistics.shipment","detail-type":"Shipment Created","detail":${detail}}`;

      expect(await problemsOf(event, byContract)).toEqual([expect.stringMatching(/nested .*: flatten it$/)]);
    },
  );
});

it('the generator makes objects with an own __proto__, and broken surrogates', () => {
  const samples = fc.sample(hostileJson, { ...PARAMETERS }).map((json) => JSON.parse(json));

  expect(samples.some((value) => isObject(value) && Object.hasOwn(value, '__proto__'))).toBe(true);
  expect(samples.some((value) => typeof value === 'string' && !value.isWellFormed())).toBe(true);
});
