/** In CONTRIBUTING's recipes `npm run generate` runs before the compiler, so its own errors must name what is missing, and where. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EVENT_FUNCTION_KEYS } from '../../../../contracts/functions';
import { temporaryFolder } from '../../../support/after-tests';

const SOURCES = ['carriers', 'cli', 'contracts', 'lib', 'local', 'src', 'template-src', 'tools', 'package.json'];

let copy: string;

beforeEach(() => {
  copy = temporaryFolder('refused');
  for (const source of SOURCES) cpSync(source, path.join(copy, source), { recursive: true });
  for (const linked of ['node_modules', '.tools']) symlinkSync(path.resolve(linked), path.join(copy, linked));
});

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
  writeFileSync(path.join(copy, file), text);
}

const insert = (file: string, before: string, text: string) =>
  write(file, readFileSync(file, 'utf8').replace(before, `${text}\n${before}`));

function generate() {
  const options = { cwd: copy, encoding: 'utf8' } as const;
  const { status, stderr } = spawnSync(process.execPath, ['tools/run.mjs', 'generate'], options);
  return { status, error: /^Error: .*/m.exec(stderr)?.[0] };
}

const EVENT = readFileSync('contracts/events/status-updater/shipment-status-updated.ts', 'utf8');

const nameFunction = () =>
  insert(
    'contracts/functions.ts',
    "  'notification-handler': {",
    "  'recipe-function': { rule: 'logistics-recipe', recordsShipments: true, maximumRetryAttempts: 2 },",
  );

const NO_FOLDER =
  `is not named after a function: rename it to one of ${EVENT_FUNCTION_KEYS.join(', ')}, ` +
  'or add a function to contracts/functions.ts';

it.each<[string, () => void, string]>([
  [
    'an event in a misspelt folder',
    () => write('contracts/events/status-updatr/shipment-sorted.ts', EVENT),
    `contracts/events/status-updatr ${NO_FOLDER}`,
  ],
  [
    'an event in no folder',
    () => write('contracts/events/shipment-sorted.ts', EVENT),
    `contracts/events/shipment-sorted.ts ${NO_FOLDER}`,
  ],
  [
    'a function without events',
    nameFunction,
    'recipe-function has no events: write them in contracts/events/recipe-function',
  ],
  [
    'a function without figures',
    () => {
      nameFunction();
      write('contracts/events/recipe-function/recipe-followed.ts', EVENT);
    },
    'template-src/defaults.ts has no figures of recipe-function: add what is missing',
  ],
  [
    'an alarm without a definition',
    () => insert('contracts/alarms.ts', "  'logistics-duration',", "  'logistics-recipes',"),
    'template-src/monitoring/alarms.ts has no definition of logistics-recipes: add what is missing',
  ],
])('npm run generate refuses %s', (_, change, error) => {
  change();
  expect(generate()).toEqual({ status: 1, error: `Error: ${error}` });
});
