/** The largest events the bus takes, in processes with no more memory than the functions have. */
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { EVENT_FUNCTION_KEYS, type EventFunctionKey } from '../../../contracts/functions';
import { CONTRACTS } from '../../../contracts/generated/contracts';
import { MAX_ITEM_BYTES } from '../../../contracts/limits';
import { CALL_BYTES } from '../../../contracts/put-events';
import { localEnvironment } from '../../../local/environment';
import { FUNCTION_FIGURES } from '../../../template-src/defaults';
import { stopAfterTests, temporaryFolder } from '../../support/after-tests';
import { HANDLER_ENVIRONMENT } from '../../support/builders/handler-environment';
import { nested, objectOf } from '../../support/fuzz/json-text';
import { startStubAws } from './stub-aws';

/** Memory of Node beside its heap of old objects: its own code, new objects, buffers; megabytes. */
const BESIDE_THE_HEAP = 64;

const folder = temporaryFolder('memory');
const processes = new Map<EventFunctionKey, ChildProcess>();
let endpoint: string;

beforeAll(async () => {
  endpoint = await startStubAws();
  buildSync({
    entryPoints: EVENT_FUNCTION_KEYS.map((key) => `src/handlers/${key}.ts`),
    outdir: folder,
    bundle: true,
    minify: true,
    platform: 'node',
    logLevel: 'error',
  });
});

function start(key: EventFunctionKey): ChildProcess {
  const child = fork('local/faults/handler-process.cjs', [path.join(folder, `${key}.js`)], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [`--max-old-space-size=${FUNCTION_FIGURES[key].memory - BESIDE_THE_HEAP}`],
    env: { ...localEnvironment(endpoint), ...HANDLER_ENVIRONMENT, POWERTOOLS_METRICS_DISABLED: 'true' },
  });
  stopAfterTests(async () => child.kill('SIGKILL'));
  return child;
}

/** Outcome of an event: the status code, what was thrown, or that the process died of it. */
function outcomeOf(key: EventFunctionKey, event: unknown): Promise<string> {
  const running = processes.get(key);
  const child = running?.connected ? running : start(key);
  processes.set(key, child);
  return new Promise((resolve) => {
    const died = () => resolve('died');
    child.once('exit', died);
    child.once('message', (message: { result?: { statusCode: number }; error?: { name: string } }) => {
      child.off('exit', died);
      resolve(String(message.result?.statusCode ?? message.error?.name));
    });
    child.send({ event, requestId: 'r', clockOffset: 0, timeout: FUNCTION_FIGURES[key].timeout * 1_000 });
  });
}

const full = CALL_BYTES - 1_000;

/** Each as large as an event may be. */
const BULKS: Readonly<Record<string, string>> = {
  'one long text': JSON.stringify('x'.repeat(full)),
  'a text of replacement characters, which a cut must not search': JSON.stringify('\uFFFD'.repeat(full / 3)),
  'a text that JSON writes six times as long': JSON.stringify('\u0001'.repeat(full / 6)),
  'a list of half a million numbers': `[${'1,'.repeat(full / 2)}1]`,
  'as many numbers as one event may hold, in what is stored': `[${'1,'.repeat(MAX_ITEM_BYTES / 2 - 10)}1]`,
  'an object of a hundred thousand keys': objectOf(
    Array.from({ length: full / 12 }, (_, index) => [`k${index}`, '"x"'] as const),
  ),
  'two hundred lists of lists': `[${Array(200)
    .fill(nested(Math.floor(full / 500)))
    .join()}]`,
};

const eventOf = (key: EventFunctionKey, bulk: string, inMetadata: boolean) => {
  const [{ source, detailType }] = CONTRACTS[key];
  return JSON.parse(
    objectOf([
      ['id', '"envelope-1"'],
      ['source', JSON.stringify(source)],
      ['detail-type', JSON.stringify(detailType)],
      ['time', '"2026-03-02T08:00:00Z"'],
      [
        'detail',
        objectOf([
          ['shipment_id', '"SHP-1"'],
          ['status', '"delivered"'],
          ['reason', '"a test"'],
          ['error_type', '"feed_down"'],
          ['error_message', '"the feed is down"'],
          ['metadata', objectOf([['bulk', inMetadata ? bulk : '1']])],
          ['further', inMetadata ? '1' : bulk],
        ]),
      ],
    ]),
  );
};

describe.each(EVENT_FUNCTION_KEYS)('%s', (key) => {
  const cases = Object.entries(BULKS).flatMap(([what, bulk]) => [
    [what, 'its metadata', bulk] as const,
    [what, 'an unknown field', bulk] as const,
  ]);

  it.each(cases)(
    'takes or rejects %s in %s',
    async (_, where, bulk) => {
      const began = Date.now();

      const outcome = await outcomeOf(key, eventOf(key, bulk, where === 'its metadata'));

      expect(['200', 'Rejected']).toContain(outcome);
      expect(Date.now() - began).toBeLessThan(FUNCTION_FIGURES[key].timeout * 1_000);
    },
    60_000,
  );
});
