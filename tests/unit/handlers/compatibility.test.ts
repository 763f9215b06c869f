/**
 * Events that released versions handled, replayed on the current functions: during a deployment both run on the same tables, and
 * an event that the old version recorded may reach the new one again. `RECORD=1.2.3 npx jest --selectProjects unit -- compatibility`
 * records the rows that this version writes for the samples.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AttributeValue, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { EventFunctionKey } from '../../../contracts/functions';
import { sampleEvents } from '../../../demo/sample-events';
import type { LambdaHandler } from '../../../src/runtime/event-handler';
import { db, everythingWorks, inTheLog, loadHandlers } from '../../support/builders/handlers';
import { aContext } from '../../support/builders/lambda';

type Row = Readonly<Record<string, AttributeValue>>;

/** An event with the rows that one version of the functions wrote for it, and that later versions find. */
interface Handled {
  readonly key: EventFunctionKey;
  readonly event: unknown;
  /** As stored, without attributes that depend on the clock and the invocation. */
  readonly log?: Row;
  readonly status?: Row;
  /** The key of its failure's row. */
  readonly error?: Row;
}

const FOLDER = 'tests/unit/handlers/recorded';

const histories = readdirSync(FOLDER).map((file): [version: string, history: readonly Handled[]] => [
  file.replace('.json', ''),
  JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')),
]);

let handlers: Record<EventFunctionKey, LambdaHandler>;

beforeAll(async () => {
  handlers = await loadHandlers({ POWERTOOLS_METRICS_DISABLED: 'true' });
  if (process.env['RECORD']) await record(process.env['RECORD']);
});

async function record(version: string): Promise<void> {
  const history: Handled[] = [];
  for (const { key, event } of sampleEvents()) {
    if (key) history.push(await handle(key, event));
  }
  const lines = history.map((handled) => JSON.stringify(handled));
  writeFileSync(`${FOLDER}/${version}.json`, `[\n${lines.join(',\n')}\n]\n`);
}

/** Handles an event while every call to AWS succeeds. */
async function handle(key: EventFunctionKey, event: unknown): Promise<Handled> {
  everythingWorks();
  await handlers[key](event, aContext()).catch(() => undefined);
  const items = db.commandCalls(PutItemCommand).map(({ args }) => args[0].input);
  const itemOf = (table: string) => items.find(({ TableName }) => TableName === table)?.Item;
  const { process_result: _, lease: __, ...log } = itemOf('events') ?? {};
  const status = itemOf('shipments');
  const updates = db.commandCalls(UpdateItemCommand).map(({ args }) => args[0].input);
  const failure = updates.find(({ TableName }) => TableName === 'errors');
  return {
    key,
    event,
    ...(Object.keys(log).length > 0 && { log }),
    ...(status && { status }),
    ...(failure?.Key && { error: failure.Key }),
  };
}

/** Without the hash, which is compared by the scheme of its own version. */
function withoutHash({ log, ...handled }: Handled) {
  const { payload_hash: _, ...row } = log ?? {};
  return { ...handled, ...(log && { log: row }) };
}

describe.each(histories)('an event that version %s handled', (_, history) => {
  it('has the same rows and keys now, except for added attributes', async () => {
    expect(history.length).toBeGreaterThan(20);
    for (const handled of history)
      expect(withoutHash(await handle(handled.key, handled.event))).toMatchObject(withoutHash(handled));
  });

  it('is a duplicate when it arrives again, not a conflict', async () => {
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
