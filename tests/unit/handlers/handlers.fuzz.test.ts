/** Any event on the bus is handled or rejected, and its payload stays out of subjects, metrics and INFO lines. */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PublishCommand } from '@aws-sdk/client-sns';
import fc from 'fast-check';
import { EVENT_FUNCTION_KEYS, type EventFunctionKey } from '../../../contracts/functions';
import { CONTRACTS } from '../../../contracts/generated/contracts';
import type { LambdaHandler } from '../../../src/runtime/event-handler';
import { db, events, everythingWorks, LOGGING, loadHandlers, sns } from '../../support/builders/handlers';
import { aContext } from '../../support/builders/lambda';
import { capturedLines, isMetrics } from '../../support/builders/log-lines';
import { hostileEvent, SECRET } from '../../support/fuzz/events';
import { nested } from '../../support/fuzz/json-text';
import { EXHAUSTIVE, SEED } from '../../support/sample';
import { wholeEvent } from './whole-event';

const RUNS = EXHAUSTIVE ? 1_000 : 400;

let handlers: Record<EventFunctionKey, LambdaHandler>;

beforeAll(async () => {
  handlers = await loadHandlers(LOGGING);
});

/** Outcome of an event: `200`, or the name of the error. */
async function outcomeOf(key: EventFunctionKey, json: string) {
  everythingWorks();
  let outcome = '';
  const lines = await capturedLines(async () => {
    outcome = await handlers[key](JSON.parse(json), aContext()).then(
      ({ statusCode }) => String(statusCode),
      (error) => {
        expect(error.message.length).toBeLessThanOrEqual(1_000);
        return error.name;
      },
    );
  });
  return { outcome, lines };
}

describe.each(EVENT_FUNCTION_KEYS)('%s', (key) => {
  it(`handles or rejects any event, and keeps it out of subjects, metrics and INFO lines (seed ${SEED})`, async () => {
    const outcomes: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(hostileEvent(CONTRACTS[key]), async (json) => {
        const { outcome, lines } = await outcomeOf(key, json);
        expect(['200', 'Rejected']).toContain(outcome);
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
        const quiet = lines.filter((line) => isMetrics(line) || line['level'] !== 'ERROR');
        expect(JSON.stringify(quiet)).not.toContain(SECRET);
        for (const { args } of sns.commandCalls(PublishCommand)) {
          expect(args[0].input.Subject).toMatch(/^[\x20-\x7e]{1,100}$/);
          expect(Buffer.byteLength(args[0].input.Message ?? '')).toBeLessThanOrEqual(256_000);
        }
        for (const { args } of db.commandCalls(UpdateItemCommand)) {
          const values = Object.values(args[0].input.ExpressionAttributeValues ?? {});
          for (const { S = '' } of values) expect(Buffer.byteLength(S)).toBeLessThanOrEqual(64 * 1_024);
          expect(values.every(({ S = '' }) => S.isWellFormed())).toBe(true);
        }
        for (const { args } of events.commandCalls(PutEventsCommand)) {
          const { error_message } = JSON.parse(args[0].input.Entries?.[0]?.Detail ?? '{}');
          expect(error_message.isWellFormed()).toBe(true);
        }
      }),
      { seed: SEED, numRuns: RUNS },
    );
    expect(Object.keys(outcomes).sort()).toEqual(['200', 'Rejected']);
  }, 120_000);

  it.each([50, 5_000, 100_000])('handles or rejects an event of %d levels', async (levels) => {
    const whole = wholeEvent(key, nested(levels), nested(levels));

    expect((await outcomeOf(key, whole)).outcome).toBe(key === 'notification-handler' ? '200' : 'Rejected');
    expect((await outcomeOf(key, nested(levels))).outcome).toBe('Rejected');
  });
});
