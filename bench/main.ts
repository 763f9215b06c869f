/** `npm run bench`: measures the functions and the baselines. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { UserError } from '../lib/user-error.mjs';
import { runCommand } from '../local/command';
import type { OnStarted } from '../local/started';
import { GeneratedSections } from '../tools/generate/generated-sections';
import { measureBackfill } from './backfill';
import { measureCold, summaryOf } from './cold';
import { measureMemory } from './memory';
import { readOptions, type Topic } from './options.mjs';
import { measureRebuild } from './rebuild';
import { type Comparison, Run } from './run';
import { markdown, type Table } from './table';
import { measurePayload, measureWarm } from './warm';

interface Measurement {
  readonly measure: (run: Run) => Promise<Table>;
  /** Description of the machine. */
  readonly machine: (run: Run) => string;
}

const machine = (node: string, rounds = '') =>
  `Node ${node}, ${os.availableParallelism()} cores (${os.cpus()[0]?.model})${rounds}:\n\n`;

const compared = (measure: (comparison: Comparison) => Promise<Table>): Measurement => ({
  measure: async (run) => measure(await run.comparison()),
  machine: ({ nodeVersion, rounds }) => machine(nodeVersion, `, ${rounds} rounds`),
});

/** On the developer's own Node. */
const here = (measure: Measurement['measure']): Measurement => ({
  measure,
  machine: () => machine(process.version),
});

const MEASUREMENTS: Readonly<Record<Topic, Measurement>> = {
  cold: compared(measureCold),
  warm: compared(measureWarm),
  payload: compared(measurePayload),
  memory: compared(measureMemory),
  rebuild: here(async (run) => measureRebuild(await run.stack())),
  backfill: here(async (run) => measureBackfill(await run.stack(), run.folder)),
};

async function main(onStarted: OnStarted): Promise<number> {
  const { topics, isChosen, rounds, write } = readOptions();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'logistics-bench-'));
  onStarted(async () => rmSync(folder, { recursive: true, force: true }));
  const run = new Run(folder, rounds, onStarted);
  let notMeasured = 0;
  for (const topic of topics) {
    const { measure, machine } = MEASUREMENTS[topic];
    const table = await measure(run).catch((error: unknown) => {
      // The other topics are measured nevertheless.
      if (!(error instanceof UserError)) throw error;
      notMeasured += 1;
      console.log(`\nNOT MEASURED: ${topic}: ${error.message}`);
    });
    if (!table) continue;
    const section = `${machine(run)}${markdown(table)}`;
    console.log(`\n${topic}: ${section}`);
    if (!write) continue;
    const documents = new GeneratedSections('npm run bench -- --write').put('docs/performance.md', topic, section);
    if (topic === 'cold') documents.put('README.md', topic, markdown(summaryOf(table)));
    for (const [file, text] of documents.files) writeFileSync(file, text);
  }
  return notMeasured > 0 && isChosen ? 1 : 0;
}

runCommand(main);
