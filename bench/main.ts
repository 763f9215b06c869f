/** `npm run bench`: the command line is checked by scripts/bench.mjs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type OnStarted, runCommand } from '../local/command';
import { Trouble } from '../local/trouble';
import { withSection } from '../template-src/written-section';
import { measureCold } from './cold';
import type { Comparison } from './comparison';
import { waysTable } from './cost';
import { measureLoop } from './loop';
import { measureMemory } from './memory';
import { startStub } from './stub/start';
import { buildBaselines, buildFunctions } from './subjects';
import { markdown, type Table } from './table';
import { findTools } from './tools';
import { measurePayload, measureWarm } from './warm';

const DOCUMENT = 'docs/performance.md';

/** What can be measured, in this order. */
const TOPICS: Readonly<Record<string, (comparison: Comparison) => Promise<Table>>> = {
  cold: measureCold,
  warm: measureWarm,
  payload: measurePayload,
  memory: measureMemory,
  ways: async () => waysTable(),
  loop: async ({ folder, tools }) => measureLoop(folder, tools),
};

async function main(onStarted: OnStarted): Promise<number> {
  const options = { rounds: { type: 'string', default: '40' }, write: { type: 'boolean', default: false } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const tools = findTools();
  // Far from the project's node_modules, as on Lambda.
  const folder = mkdtempSync(path.join(os.tmpdir(), 'logistics-bench-'));
  onStarted(async () => rmSync(folder, { recursive: true, force: true }));
  const comparison: Comparison = {
    functions: await buildFunctions(folder),
    baselines: await buildBaselines(folder, tools.folder),
    stub: await startStub(folder, onStarted),
    node: tools.node,
    folder,
    tools: tools.folder,
    rounds: Number(values.rounds),
  };
  const machine = `Node ${tools.nodeVersion}, ${os.availableParallelism()} cores (${os.cpus()[0]?.model}), ${values.rounds} rounds`;
  let left = 0;
  for (const [topic, measure] of Object.entries(TOPICS)) {
    if (positionals.length > 0 && !positionals.includes(topic)) continue;
    const table = await measure(comparison).catch((error: unknown) => {
      // What this machine cannot measure does not keep the rest from being measured, and is not in the document.
      if (!(error instanceof Trouble)) throw error;
      left += 1;
      console.log(`\nNOT MEASURED: ${topic}: ${error.message}`);
    });
    if (!table) continue;
    const section = `${machine}:\n\n${markdown(table)}`;
    console.log(`\n${topic}, ${section}`);
    if (values.write) writeFileSync(...withSection(DOCUMENT, topic, section, 'npm run bench -- --write'));
  }
  return left > 0 && positionals.length > 0 ? 1 : 0;
}

runCommand(main);
