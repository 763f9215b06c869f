/** `npm run generate` comes before the compiler in CONTRIBUTING's recipes: what is still missing it names itself, with its place. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../../../support/after-tests';

const SOURCES = ['carriers', 'cli', 'contracts', 'lib', 'local', 'src', 'template-src', 'tools', 'package.json'];
const SAMPLE = 'contracts/events/status-updater/shipment-status-updated.ts';

let copy: string;

beforeEach(() => {
  copy = temporaryFolder('refused');
  for (const source of SOURCES) cpSync(source, path.join(copy, source), { recursive: true });
  symlinkSync(path.resolve('node_modules'), path.join(copy, 'node_modules'));
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

it.each(['contracts/events/status-updatr/shipment-sorted.ts', 'contracts/events/shipment-sorted.ts'])(
  'an event that no function takes: %s',
  (file) => {
    write(file, readFileSync(SAMPLE, 'utf8'));

    expect(generate()).toEqual({
      status: 1,
      error: `Error: contracts/events/${file.split('/')[2]} is no function's folder, so nothing takes its events: name it after one of shipment-processor, status-updater, notification-handler, or add a function to contracts/functions.ts`,
    });
  },
);

describe('a function without', () => {
  const NEW = "  'returns-desk': { rule: 'logistics-returns', recordsShipments: true, maximumRetryAttempts: 2 },";

  beforeEach(() => insert('contracts/functions.ts', "  'notification-handler': {", NEW));

  it('a folder of its events', () => {
    expect(generate()).toEqual({
      status: 1,
      error: 'Error: returns-desk takes no events: write them in contracts/events/returns-desk',
    });
  });

  it('figures', () => {
    write('contracts/events/returns-desk/parcel-returned.ts', readFileSync(SAMPLE, 'utf8'));

    expect(generate()).toEqual({
      status: 1,
      error: 'Error: template-src/defaults.ts has no figures of returns-desk: add what is missing',
    });
  });
});

it('an alarm without a definition', () => {
  insert('contracts/alarms.ts', "  'logistics-duration',", "  'logistics-invocations',");

  expect(generate()).toEqual({
    status: 1,
    error: 'Error: template-src/monitoring/alarms.ts has no definition of logistics-invocations: add what is missing',
  });
});
