/** `npm run bench`: measures the functions and the baselines. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { UserError } from '../lib/user-error.mjs';
import { runCommand } from '../local/command';
import { type LocalStack, startLocalStack } from '../local/stack';
import type { OnStarted } from '../local/started';
import { GeneratedSections } from '../tools/generate/generated-sections';
import { measureBackfill } from './backfill';
import { measureCold, summaryOf } from './cold';
import { type Comparison, NODE, startComparison } from './comparison';
import { MEMORY_ROUNDS, measureMemory } from './memory';
import { readOptions, type Topic } from './options.mjs';
import { measureRebuild } from './rebuild';
import { markdown, type Table } from './table';
import { measurePayload, measureWarm } from './warm';

/** Topics that compare contestants, on the functions' Node. */
const COMPARED: Partial<Record<Topic, (comparison: Comparison) => Promise<Table>>> = {
  cold: measureCold,
  warm: measureWarm,
  payload: measurePayload,
  memory: measureMemory,
};

/** Topics that run the operator's command on a stack, on the developer's own Node. */
const ON_A_STACK: Partial<Record<Topic, (stack: LocalStack, folder: string) => Promise<Table>>> = {
  rebuild: measureRebuild,
  backfill: measureBackfill,
};

const machine = (node: string, rounds = '') =>
  `Node ${node}, ${os.availableParallelism()} cores (${os.cpus()[0]?.model})${rounds}:\n\n`;

async function main(onStarted: OnStarted): Promise<number> {
  const { topics, isChosen, rounds, write } = readOptions();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'logistics-bench-'));
  onStarted(async () => rmSync(folder, { recursive: true, force: true }));
  let comparison: Promise<Comparison> | undefined;

  async function measure(topic: Topic): Promise<Table | undefined> {
    const compare = COMPARED[topic];
    if (!compare) return ON_A_STACK[topic]?.(await startLocalStack(0, () => undefined, onStarted), folder);
    comparison ??= startComparison(folder, rounds, onStarted);
    return compare(await comparison);
  }

  const functionsNode = execFileSync(NODE, ['--version'], { encoding: 'utf8' }).trim();
  let notMeasured = 0;
  for (const topic of topics) {
    const table = await measure(topic).catch((error: unknown) => {
      // The other topics are measured nevertheless.
      if (!(error instanceof UserError)) throw error;
      notMeasured += 1;
      console.log(`\nNOT MEASURED: ${topic}: ${error.message}`);
    });
    if (!table) continue;
    const where =
      topic in COMPARED
        ? machine(functionsNode, `, ${topic === 'memory' ? MEMORY_ROUNDS : rounds} rounds`)
        : machine(process.version);
    const section = `${where}${markdown(table)}`;
    console.log(`\n${topic}: ${section}`);
    if (!write) continue;
    const documents = new GeneratedSections('npm run bench -- --write').put('docs/performance.md', topic, section);
    if (topic === 'cold') documents.put('README.md', topic, markdown(summaryOf(table)));
    for (const [file, text] of documents.files) writeFileSync(file, text);
  }
  return notMeasured > 0 && isChosen ? 1 : 0;
}

runCommand(main);
