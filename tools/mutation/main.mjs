/**
 * `npm run test:mutation`: breaks the code in a copy of the checkout and expects tests to fail. First Stryker mutates the expressions of the
 * core one by one, and fails below the score in `stryker.config.mjs`. Then come the breaks below, which Stryker cannot make or which tests
 * outside the core must notice; one that no test notices is printed as SURVIVED and fails the command. Arguments select the breaks whose
 * names contain them, without Stryker; `--check` only checks that the code to break still exists.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onInterrupt, run } from '../../lib/processes.mjs';
import { toolFolder } from '../../lib/tools.mjs';
import { runMain, UserError } from '../../lib/user-error.mjs';
import { copyCheckout } from '../checkout.mjs';
import { setUp } from '../setup.mjs';

const STRYKER = path.resolve(toolFolder('mutation'), 'node_modules/@stryker-mutator/core/bin/stryker.js');
const CONFIG = 'tools/mutation/stryker.config.mjs';

const RECORD = 'src/application/record-shipment-event.ts';
const BEFORE_THE_LOG = '  const appended = await ports.append(';

const FRAME = 'src/runtime/event-handler.ts';

/** `tests` are arguments of jest. */
const BREAKS = [
  {
    name: 'accept what its contract refuses',
    file: FRAME,
    from: '  if (parsed.ok) return { envelope: { ...envelope, detail: parsed.received }, detail: parsed.detail };\n',
    to: '  if (parsed) return { envelope, detail: parsed.ok ? parsed.detail : envelope.detail };\n',
    tests: ['handlers/handlers.test'],
  },
  {
    name: 'forget to record a failure',
    file: FRAME,
    from: '        await recordQuietly(failureOf(input, error, functionName), parts);\n',
    to: '',
    tests: ['handlers/handlers.test'],
  },
  {
    name: 'notify before the log write',
    file: RECORD,
    from: BEFORE_THE_LOG,
    to: `  if (notifies(event)) await ports.publish(shipmentMessage(event, ports.environment, false));\n${BEFORE_THE_LOG}`,
    tests: ['order-free'],
  },
  {
    name: 'write the status before the log',
    file: RECORD,
    from: BEFORE_THE_LOG,
    to: `  await advanceStatus(event, ports);\n${BEFORE_THE_LOG}`,
    tests: ['record-shipment-event'],
  },
  {
    name: 'return early on a duplicate',
    file: RECORD,
    from: '  const advanced = await advanceStatus(event, ports);',
    to: '  if (!ownPut) return { duplicate: true, moved: false, currentStatus: event.status };\n  const advanced = await advanceStatus(event, ports);',
    tests: ['order-free'],
  },
  {
    name: 'skip the mark',
    file: 'src/application/notify-once.ts',
    from: '  await state.markNotified();\n',
    to: '',
    tests: ['order-free'],
  },
  {
    name: 'use the clock in a key',
    file: 'src/domain/shipment-event.ts',
    from: '  const timestamp = timestampOf(detail, envelope.time);',
    to: '  const timestamp = now;',
    tests: ['domain/shipment-event'],
  },
  {
    name: 'let the last write win',
    file: 'src/adapters/shipments.ts',
    from: '(version < :version AND',
    to: '(version <> :version AND',
    tests: ['shipments.dynamodb'],
  },
  {
    name: 'replace a row that holds an event later than its own',
    file: 'src/adapters/shipments.ts',
    from: ' AND #timestamp <= :timestamp',
    to: ' AND attribute_exists(#timestamp) AND :timestamp = :timestamp',
    tests: ['shipments.dynamodb'],
  },
  {
    name: 'put a joined row over one that was not seen',
    file: 'src/adapters/shipments.ts',
    from: "const STATE = ['version', 'last_correction', 'hidden_event'] as const;",
    to: "const STATE = ['version'] as const;",
    tests: ['shipments.dynamodb'],
  },
  {
    name: 'drop the condition of the log',
    file: 'src/adapters/event-log.ts',
    from: "            ConditionExpression: 'attribute_not_exists(event_id)',\n",
    to: '',
    tests: ['crash-points', '-t', 'a duplicate'],
  },
  {
    name: 'take a live lease over',
    file: 'src/adapters/notification-state.ts',
    from: '(attribute_not_exists(#lease) OR #lease < :now OR #lease = :mine)',
    to: '(attribute_not_exists(#lease) OR #lease < :now OR #lease <> :mine)',
    tests: ['event-log.dynamodb'],
  },
  {
    name: 'swallow a refused entry of PutEvents',
    file: 'src/adapters/error-bus.ts',
    from: 'answer.FailedEntryCount !== 0',
    to: 'answer.FailedEntryCount === undefined',
    tests: ['crash-points', '-t', 'bus refuses entries'],
  },
  {
    name: 'skip a refused change of a status',
    file: 'src/adapters/put-entries.ts',
    from: '    if (first === undefined) return;\n',
    to: '    return;\n',
    tests: ['integration/status-changes', '-t', 'partly failing day'],
  },
  {
    name: 'answer a webhook before its events are on the bus',
    file: 'src/application/take-webhook.ts',
    from: '  await ports.publish(events.map(({ detail }) => detail));\n',
    to: '  ports.publish(events.map(({ detail }) => detail)).catch(() => undefined);\n',
    tests: ['take-webhook'],
  },
  {
    name: 'report a stalled shipment that has moved on',
    file: 'src/adapters/notification-state.ts',
    from: '              ...versioned,\n',
    to: "              ...versioned.map(() => ':version = :version'),\n",
    tests: ['stalled.dynamodb'],
  },
  {
    name: 'look for stalled shipments in one day',
    file: 'src/domain/stalled.ts',
    from: 'const WINDOW_DAYS = 2;',
    to: 'const WINDOW_DAYS = 1;',
    tests: ['properties/stalled'],
  },
  {
    name: 'delete before invoke in redrive',
    file: 'cli/commands/redrive.ts',
    from: '  const refusal = await invoke(message.event, key, target);\n',
    to: '  await queue.delete(message);\n  const refusal = await invoke(message.event, key, target);\n',
    tests: ['failed-events.fault', '-t', 'redrive and repair, cut off'],
  },
];

/** @returns the original text of the file, and the broken one */
function read({ name, file, from, to }, root) {
  const original = readFileSync(path.join(root, file), 'utf8');
  if (!original.includes(from))
    throw new UserError(`${file} has changed: adapt the break "${name}" in tools/mutation/main.mjs`);
  return { original, broken: original.replace(from, to) };
}

/** Makes a break in the copy, and prints the first test that fails on it. @returns whether one does */
function isCaught(change, copy) {
  const { name, file, tests } = change;
  const target = path.join(copy, file);
  const { original, broken } = read(change, copy);
  writeFileSync(target, broken);
  const jest = path.resolve('node_modules/.bin/jest');
  const { stdout, stderr, status } = spawnSync(jest, ['--verbose', ...tests], { cwd: copy, encoding: 'utf8' });
  writeFileSync(target, original);
  const [failure] = `${stdout}${stderr}`.match(/✕ .*/) ?? [];
  // Without a failing test, the run itself failed.
  if (status !== 0 && !failure) throw new UserError(`"${name}" could not be tried:\n${stderr.slice(-800)}`);
  console.log(failure ? `caught   ${name}: ${failure}` : `SURVIVED ${name}`);
  return failure !== undefined;
}

await runMain(async () => {
  if (process.argv.includes('--check')) {
    for (const change of BREAKS) read(change, '.');
    return 0;
  }
  await setUp('sam', 'emulator', 'mutation');
  const words = process.argv.slice(2);
  const selected = BREAKS.filter(({ name }) => words.every((word) => name.includes(word)));
  const copy = mkdtempSync(path.join(os.tmpdir(), 'logistics-mutation-'));
  const remove = () => rmSync(copy, { recursive: true, force: true });
  onInterrupt(remove);
  try {
    copyCheckout(copy);
    for (const folder of ['node_modules', '.tools']) symlinkSync(path.resolve(folder), path.join(copy, folder));
    const core = words.length > 0 ? 0 : (await run(process.execPath, [STRYKER, 'run', CONFIG], { cwd: copy })).code;
    const caught = selected.filter((change) => isCaught(change, copy));
    console.log(`${caught.length} of ${selected.length} breaks caught`);
    return core === 0 && caught.length === selected.length ? 0 : 1;
  } finally {
    remove();
  }
});
