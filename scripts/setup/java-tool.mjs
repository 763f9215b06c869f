import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { run } from './processes.mjs';
import { putInPlace, requirementsOf, stagingOf, toolFolder } from './tool-folder.mjs';
import { Trouble } from './trouble.mjs';

const pinsOf = (tool) => requirementsOf(`${tool}.pom.xml`);

const folderOf = (tool) => toolFolder(tool, pinsOf(tool), 'java');

/** A tool's class path: each tool has its own, so that no tool decides another's versions. */
export const classPathOf = (tool) => path.join(folderOf(tool), '*');

/** The step that resolves a tool's class path; undefined when it is there. */
export function javaToolStep(tool) {
  const folder = folderOf(tool);
  if (existsSync(folder)) return undefined;
  return { what: `${tool} (Java)`, folder, work: () => install(tool, folder) };
}

async function install(tool, folder) {
  const staging = stagingOf(folder);
  mkdirSync(staging, { recursive: true });
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${staging}`];
  const { code, output } = await run('mvn', ['-B', '-q', '-f', pinsOf(tool), ...goal], { quiet: true });
  if (code !== 0) {
    const reason = output.match(/\[ERROR\] (.*?)(?: -> \[Help 1\])?$/m)?.[1] ?? 'mvn failed';
    throw new Trouble(`${tool} cannot be installed (${reason}): check the network and run this again`);
  }
  putInPlace(folder);
}
