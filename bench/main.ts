/** `npm run bench`: measures the functions beside what they are compared with. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { UserError } from '../lib/user-error.mjs';
import { runCommand } from '../local/command';
import type { OnStarted } from '../local/started';
import { GeneratedSections } from '../tools/generate/generated-sections';
import { measureBackfill } from './backfill';
import { measureCold, summaryOf } from './cold';
import type { Comparison } from './comparison';
import { LOOP_ROUNDS, measureLoop } from './loop';
import { measureMemory } from './memory';
import { readOptions, type Topic } from './options.mjs';
import { measureRebuild } from './rebuild';
import { Run } from './run';
import { markdown, type Table } from './table';
import { measurePayload, measureWarm } from './warm';
import { unitsTable } from './write-units/table';

const DOCUMENT = 'docs/performance.md';

/** A section for each document that has one. */
type Write = (run: Run) => Promise<{ readonly [DOCUMENT]: string; readonly 'README.md'?: string }>;

const measured =
  (measure: (comparison: Comparison) => Promise<Table>): Write =>
  async (run) => ({ [DOCUMENT]: `${run.machine()}:\n\n${markdown(await measure(await run.comparison))}` });

const coldSections: Write = async (run) => {
  const table = await measureCold(await run.comparison);
  return {
    [DOCUMENT]: `${run.machine()}:\n\n${markdown(table)}`,
    'README.md': markdown(summaryOf(table)),
  };
};

/** The loop runs on the developer's own Node; of what is compared it needs the CDK app only, which the baselines bring. */
const loopSection: Write = async (run) => {
  await run.baselines;
  const table = await measureLoop(run.folder, run.tools.folder);
  return { [DOCUMENT]: `${run.machine(process.version, LOOP_ROUNDS)}:\n\n${markdown(table)}` };
};

const SECTIONS: Readonly<Record<Topic, Write>> = {
  cold: coldSections,
  warm: measured(measureWarm),
  payload: measured(measurePayload),
  memory: measured(measureMemory),
  loop: loopSection,
  rebuild: async (run) => ({
    [DOCUMENT]: `${run.machine(process.version, 1)}:\n\n${markdown(await measureRebuild(await run.stack()))}`,
  }),
  backfill: async (run) => ({
    [DOCUMENT]: `${run.machine(process.version, 1)}:\n\n${markdown(await measureBackfill(await run.stack(), run.folder))}`,
  }),
  units: async (run) => ({ [DOCUMENT]: markdown(await unitsTable(await run.countedFunctions)) }),
};

async function main(onStarted: OnStarted): Promise<number> {
  const { topics, isChosen, rounds, write } = readOptions();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'logistics-bench-'));
  onStarted(async () => rmSync(folder, { recursive: true, force: true }));
  const run = new Run(folder, rounds, onStarted);
  let left = 0;
  for (const topic of topics) {
    const sections = await SECTIONS[topic](run).catch((error: unknown) => {
      // What this machine cannot measure does not keep the rest from being measured, and is not in the document.
      if (!(error instanceof UserError)) throw error;
      left += 1;
      console.log(`\nNOT MEASURED: ${topic}: ${error.message}`);
    });
    if (!sections) continue;
    console.log(`\n${topic}: ${sections[DOCUMENT]}`);
    if (!write) continue;
    const documents = new GeneratedSections('npm run bench -- --write');
    for (const [file, section] of Object.entries(sections)) documents.put(file, topic, section);
    for (const [file, text] of documents.files) writeFileSync(file, text);
  }
  return left > 0 && isChosen ? 1 : 0;
}

runCommand(main);
