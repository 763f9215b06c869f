/**
 * `npm run test:sam-local`: runs the `sam local invoke` that `npm start` prints for every function and fixture, then `npx logistics track`.
 * Needs Docker. Arguments are passed to SAM, for machines whose Docker needs some: `npm run test:sam-local -- --skip-pull-image`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EVENT_FUNCTION_KEYS } from '../../../contracts/functions';
import { shellWord } from '../../../contracts/shell';
import { type SampleEvent, sampleEvents } from '../../../demo/sample-events';
import { run } from '../../../lib/processes.mjs';
import { UserError } from '../../../lib/user-error.mjs';
import { runCommand } from '../../../local/command';
import type { OnStarted } from '../../../local/started';
import { functionIds } from '../../../template-src/logical-ids';
import { npmStart } from '../../support/npm-start';

/** The problem of one invocation; undefined when its answer is the expected one. */
function problem(sample: SampleEvent, { stdout, stderr }: Awaited<ReturnType<typeof run>>): string | undefined {
  const line = stdout
    .split('\n')
    .filter((text) => text.startsWith('{"statusCode"') || text.startsWith('{"errorType"'))
    .at(-1);
  if (line === undefined) return `no answer: ${stderr.trim().split('\n').slice(-3).join(' | ')}`;
  const answer: { statusCode?: number; errorMessage?: string } = JSON.parse(line);
  if (sample.reason === undefined) return answer.statusCode === 200 ? undefined : `failed: ${answer.errorMessage}`;
  const isExpected = withoutAccounts(answer.errorMessage).startsWith(withoutAccounts(sample.reason));
  return isExpected ? undefined : `expected "${sample.reason}", got ${line}`;
}

/** Removes account ids: on the bus an event has its sender's, in a file another. */
const withoutAccounts = (reason = '') => reason.replaceAll(/account \d{12}/g, 'account');

async function main(onStarted: OnStarted): Promise<number> {
  const flags = process.argv.slice(2).map(shellWord);
  const started = npmStart();
  onStarted(started.stop);
  const printed = await started.printed;
  const lines = (pattern: RegExp) => printed.match(pattern) ?? [];
  const [command] = lines(/^ {2}.* local invoke .*$/m);
  if (!command)
    throw new UserError('npm start prints no sam local invoke: start Docker on this machine, then run this again');

  let failed = 0;
  const report = (name: string, found: string | undefined) => {
    if (found) failed += 1;
    console.log(`${found ? 'FAILED' : 'ok    '} ${name}${found ? `: ${found}` : ''}`);
  };
  const invoke = ({ key = EVENT_FUNCTION_KEYS[0] }: SampleEvent, file: string) => {
    const invocation = command.replace('StatusUpdater', functionIds(key).function).replace(/(?<=--event )\S+/, file);
    return shell([invocation, ...flags].join(' '));
  };
  const samples = sampleEvents().filter(({ key }) => key !== undefined);
  await twoAtATime(samples, async (sample) =>
    report(`sam local invoke ${sample.name}`, problem(sample, await invoke(sample, `events/${sample.name}.json`))),
  );

  const folder = mkdtempSync(path.join(os.tmpdir(), 'logistics-sam-local-'));
  onStarted(async () => rmSync(folder, { recursive: true }));
  const shipment = 'SHP-CONTAINER';
  const delivered = path.join(folder, 'delivered.json');
  const [sample] = samples.filter(({ name }) => name === 'status-updater/delivered');
  if (!sample) throw new UserError('events/status-updater/delivered.json does not exist');
  const event = { ...sample.event, id: shipment, detail: { shipment_id: shipment, status: 'delivered' } };
  writeFileSync(delivered, JSON.stringify(event));
  await invoke(sample, delivered);
  const { stdout, stderr } = await shell(
    [...lines(/^ {2}export .*$/gm), `npx --no-install logistics track ${shipment}`].join('\n'),
  );
  report(
    'track shows what sam local invoke has recorded',
    /^status +delivered$/m.test(stdout) ? undefined : stdout || stderr,
  );
  return failed > 0 ? 1 : 0;
}

const shell = (text: string) => run('sh', ['-c', text], { quiet: true });

/** Works through the items, two at a time: an invocation's start-up needs a whole processor. */
async function twoAtATime<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const lane = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all([lane(), lane()]);
}

runCommand(main);
