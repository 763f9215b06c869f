/**
 * What released versions made of events, replayed on the functions as they are now: while a deployment is under way both run on the
 * same tables, and an event that the old one recorded may come to the new one again. `RECORD=1.2.3 npx jest --selectProjects unit
 * -- histories` keeps what this version makes of the samples, for the versions to come.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { FunctionKey } from '../../contracts/functions';
import { sampleEvents } from '../../local/sample-events';
import type { LambdaHandler } from '../../src/runtime/event-handler';
import { everythingWorks, inTheLog, loadHandlers } from '../unit/builders/handlers';
import { aContext } from '../unit/builders/lambda';
import { type Handled, handle } from './handled';

const FOLDER = 'tests/histories/recorded';

const histories = readdirSync(FOLDER).map((file): [version: string, history: readonly Handled[]] => [
  file.replace('.json', ''),
  JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')),
]);

let handlers: Record<FunctionKey, LambdaHandler>;

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

describe.each(histories)('an event that version %s handled', (_, history) => {
  it('makes the same rows under the same keys now', async () => {
    expect(history.length).toBeGreaterThan(20);
    for (const handled of history) {
      everythingWorks();
      expect(withoutHash(await handle(handlers[handled.key], handled.key, handled.event))).toEqual(
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
});
