/**
 * Results of released versions, replayed on the functions as they are now: while a deployment is under way both run on the
 * same tables, and an event that the old one recorded may come to the new one again. `RECORD=1.2.3 npx jest --selectProjects unit
 * -- compatibility` keeps what this version makes of the samples, for the versions to come.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { EventFunctionKey } from '../../../contracts/functions';
import { sampleEvents } from '../../../demo/sample-events';
import type { LambdaHandler } from '../../../src/runtime/event-handler';
import { anEnvelope } from '../../support/builders/events';
import { db, everythingWorks, inTheLog, loadHandlers } from '../../support/builders/handlers';
import { aContext, conditionFailed } from '../../support/builders/lambda';
import { type Handled, handle } from './handled';

const FOLDER = 'tests/unit/handlers/recorded';

const recorded = readdirSync(FOLDER).map((file): [version: string, history: readonly Handled[]] => [
  file.replace('.json', ''),
  JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')),
]);

let handlers: Record<EventFunctionKey, LambdaHandler>;

beforeAll(async () => {
  handlers = await loadHandlers({ POWERTOOLS_METRICS_DISABLED: 'true' });
  if (process.env['RECORD']) await record(process.env['RECORD']);
});

beforeEach(everythingWorks);

async function record(version: string): Promise<void> {
  const history: Handled[] = [];
  for (const { key, event } of sampleEvents()) {
    everythingWorks();
    if (key) history.push(await handle(handlers[key], key, event));
  }
  const lines = history.map((handled) => JSON.stringify(handled));
  writeFileSync(`${FOLDER}/${version}.json`, `[\n${lines.join(',\n')}\n]\n`);
}

/** A hash has a version of its own: a stored one is compared by it. */
function withoutHash({ log, ...handled }: Handled) {
  const { payload_hash: _, ...row } = log ?? {};
  return { ...handled, ...(log && { log: row }) };
}

describe.each(recorded)('an event that version %s handled', (_, history) => {
  it('makes the same rows under the same keys now, if with more on them', async () => {
    expect(history.length).toBeGreaterThan(20);
    for (const handled of history) {
      everythingWorks();
      expect(withoutHash(await handle(handlers[handled.key], handled.key, handled.event))).toMatchObject(
        withoutHash(handled),
      );
    }
  });

  it('is known again when it comes once more: as a duplicate, not as a conflict', async () => {
    const recorded = history.filter(({ log }) => log);
    expect(recorded.length).toBeGreaterThan(10);
    for (const { key, event, log } of recorded) {
      everythingWorks();
      inTheLog(log?.['payload_hash']?.S ?? '');
      const { body } = await handlers[key](event, aContext());
      expect(JSON.parse(body)).toMatchObject(
        key === 'shipment-processor' ? { status: 'duplicate' } : { result: { updated: false } },
      );
    }
  });

  it('still counts, by its row, beside a correction of an earlier time', async () => {
    // A corrected row holds a later correction, beside which an earlier one changes nothing.
    const rows = history.flatMap(({ status }) => (status && !status['last_correction'] ? [status] : []));
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) {
      everythingWorks();
      const table = db.on(PutItemCommand, { TableName: 'shipments' });
      table.rejectsOnce(conditionFailed(row)).resolves({ Attributes: row });
      const earlier = Number(row['timestamp']?.N) - 60_000;
      const time = new Date(earlier).toISOString();
      const detail = { shipment_id: row['shipment_id']?.S, reason: 'another parcel', event_id: 'c', occurred_at: time };
      await handlers['status-updater'](anEnvelope({ 'detail-type': 'Shipment Status Corrected' }, detail), aContext());

      const [, , joined] = db.commandCalls(PutItemCommand).map(({ args }) => args[0].input);
      expect(joined?.Item).toEqual({
        ...row,
        version: { S: `2#000${earlier}#${row['version']?.S}` },
        last_correction: { S: `0#000${earlier}#1#c` },
      });
    }
  });
});
