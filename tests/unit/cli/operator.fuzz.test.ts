/** Operator's commands on hostile input: an answer in words, and no control characters. */
import { PassThrough } from 'node:stream';
import { InvalidArgumentError } from 'commander';
import fc from 'fast-check';
import { readFailureMessage } from '../../../cli/messages/dead-letter-message';
import { checkedEvent } from '../../../cli/send/checked-event';
import { documentsOf } from '../../../cli/send/documents';
import {
  duration,
  environmentSuffix,
  momentOrSpanAgo,
  positiveInteger,
  shipmentId,
} from '../../../cli/terminal/option-values';
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

/** Reads a message as a dead-letter queue may hold it, and shows all that the commands show of one. */
function shown(body: string): string {
  const message = readFailureMessage({ MessageId: 'm', Body: body, Attributes: { SentTimestamp: '1772438400000' } });
  const { event } = message;
  const { event: described, ...row } = failureOf(event, undefined, 'logistics-status-updater-dev');
  const result = { ...message, ...row, described, event };
  return printed(forPeople, result) + printed(forPrograms, result);
}

const record = (event: string) =>
  `{"requestContext":{"condition":"RetriesExhausted"},"requestPayload":${event},"responsePayload":${event}}`;

describe('a dead-letter queue', () => {
  it('may hold anything: it is read and shown without control characters', () => {
    const bodies = fc.oneof(anyEvent, anyEvent.map(record), hostileJson, hostileText);
    fc.assert(
      fc.property(bodies, (body) => expect(shown(body)).not.toMatch(CONTROL_CHARACTERS)),
      PARAMETERS,
    );
  });

  it.each([31, 999, 5_000, 200_000])('may hold an event of %d levels', (levels) => {
    const event = `{"detail-type":"x","detail":${nested(levels)}}`;

    for (const body of [event, record(event)]) expect(shown(body).length).toBeLessThan(20 * body.length + 5_000);
  });
});

describe('an input of send', () => {
  const options = { busName: 'bus', now: () => Date.UTC(2026, 2, 2, 9) };

  /** Problems of each document of an input; a `TypeError` or the like is thrown on. */
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

  it('may be anything: each event of it is taken, or refused in words', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(anyEvent, hostileText), { maxLength: 3 }), fc.boolean(), async (lines, by) => {
        for (const problem of await problemsOf(lines.join('\n'), by)) expect(problem).not.toBe('');
      }),
      PARAMETERS,
    );
  });

  it.each([true, false])('may be nested beyond the stack (held to its contract: %s)', async (byContract) => {
    const detail = `{"shipment_id":"SHP-1","more":${nested(200_000)}}`;
    const event = `{"source":"logistics.shipment","detail-type":"Shipment Created","detail":${detail}}`;

    expect(await problemsOf(event, byContract)).toEqual([expect.stringMatching(/nested .*: flatten it$/)]);
  });
});

describe('the value of an option', () => {
  it.each([duration, environmentSuffix, momentOrSpanAgo, positiveInteger, shipmentId])(
    'may be anything: %p takes it or says what to give',
    (read) => {
      fc.assert(
        fc.property(hostileText, (text) => {
          try {
            read(text);
          } catch (error) {
            expect(error).toBeInstanceOf(InvalidArgumentError);
          }
        }),
        PARAMETERS,
      );
    },
  );
});

it('the generator makes what it is for: objects with a __proto__ of their own, and broken surrogates', () => {
  const samples = fc.sample(hostileJson, { ...PARAMETERS }).map((json) => JSON.parse(json));

  expect(samples.some((value) => isObject(value) && Object.hasOwn(value, '__proto__'))).toBe(true);
  expect(samples.some((value) => typeof value === 'string' && !value.isWellFormed())).toBe(true);
});
