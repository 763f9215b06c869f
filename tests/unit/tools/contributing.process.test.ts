import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { temporaryFolder } from '../../support/after-tests';

const COPIED = [
  'bench',
  'carriers',
  'cli',
  'contracts',
  'docs',
  'events',
  'lib',
  'local',
  'publisher',
  'template-src',
  'tools',
  'CONTRIBUTING.md',
  'README.md',
  'package.json',
  'samconfig.toml',
  'src',
  'template.yaml',
  'tsconfig.json',
];

/** A released contract that the recipe for a change is followed on. */
const UPDATED = 'contracts/events/status-updater/shipment-status-updated.ts';

/** The one hand-written file of CONTRIBUTING's recipe, beside the event's own test. */
const CONTRACT = `import { defineEvent, type SamplesOf } from '../../define-event';
import { shipmentFields, status } from '../../fields';

export const contract = defineEvent({
  source: 'logistics.warehouse',
  detailType: 'Shipment Sorted',
  version: 1,
  summary: 'A warehouse has sorted a shipment.',
  fields: { ...shipmentFields, status },
  rules: [],
});

export const samples: SamplesOf<typeof contract> = {
  sorted: { summary: 'Sorted.', time: '2026-03-02T08:00:00Z', detail: { shipment_id: 'SHP-1', status: 'in_transit' } },
};
`;

/** The handler of CONTRIBUTING's recipe for a function. */
const HANDLER = `import { contract as ordinary } from '../../contracts/events/returns-desk/parcel-returned';
import { contracts } from '../../contracts/generated/returns-desk';
import { shipmentHandler } from '../runtime/shipment-handler';

/** Records what comes back. */
export const { handler, prime } = shipmentHandler({
  key: 'returns-desk',
  contracts,
  ordinary,
  answer: ({ shipment_id }) => ({ shipment_id }),
});
`;

let copy: string;

beforeAll(() => {
  copy = temporaryFolder('recipe');
  for (const entry of COPIED) cpSync(entry, path.join(copy, entry), { recursive: true });
  for (const linked of ['node_modules', '.tools']) symlinkSync(path.resolve(linked), path.join(copy, linked));
  // A version that has been raised since the last release need not rise again.
  npmRun('release');
  writeFileSync(path.join(copy, 'contracts/events/status-updater/shipment-sorted.ts'), CONTRACT);
});

const npmRun = (...script: string[]) =>
  execFileSync('npm', ['run', '--silent', ...script], { cwd: copy, stdio: 'pipe', timeout: 60_000, encoding: 'utf8' });

/** The errors of a command that must fail. */
const npmRefuses = (...script: string[]) => {
  const { status, stderr } = spawnSync('npm', ['run', '--silent', ...script], { cwd: copy, encoding: 'utf8' });
  expect(status).toBe(1);
  return stderr;
};

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
  writeFileSync(path.join(copy, file), text);
}

function templateOf() {
  const short = (tag: string) => ({ tag, collection: 'seq' as const, resolve: (value: unknown) => value });
  const customTags = ['!If', '!Not', '!Equals', '!Join'].map(short);
  return parse(readFileSync(path.join(copy, 'template.yaml'), 'utf8'), { logLevel: 'silent', customTags });
}

/** The compiler's complaints about the functions and the template. */
const compiled = () =>
  spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '--noEmit', '--project', '.'], {
    cwd: copy,
    encoding: 'utf8',
  }).stdout;

describe('a new event on an existing function', () => {
  it('is one contract: the checks ask for it, and rule, bus, samples and documents follow', () => {
    expect(() => npmRun('generate', '--', '--check')).toThrow();

    npmRun('generate');

    const template = templateOf();
    expect(template.Resources.StatusUpdaterRule.Properties.EventPattern).toEqual({
      $or: [
        { source: ['logistics.shipment'], 'detail-type': ['Shipment Status Corrected', 'Shipment Status Updated'] },
        { source: ['logistics.warehouse'], 'detail-type': ['Shipment Sorted'] },
      ],
    });
    expect(JSON.stringify(template.Resources.UnroutedRule.Properties.EventPattern)).toContain('Shipment Sorted');
    expect(existsSync(path.join(copy, 'events/status-updater/sorted.json'))).toBe(true);
    const schema = JSON.parse(readFileSync(path.join(copy, 'docs/contracts/shipment-sorted.v1.schema.json'), 'utf8'));
    expect(schema.required).toEqual(['shipment_id', 'status']);
    const asyncapi = parse(readFileSync(path.join(copy, 'docs/contracts/asyncapi.yaml'), 'utf8'));
    expect(Object.keys(asyncapi.channels.bus.messages)).toContain('shipment-sorted');
    npmRun('generate', '--', '--check');
    // No release holds the event yet, so there is nothing it could break.
    npmRun('release', '--', '--check');
  }, 60_000);
});

describe('a change of a released event', () => {
  afterAll(() => cpSync(UPDATED, path.join(copy, UPDATED)));

  const rewrite = (from: string, to: string) => {
    const file = path.join(copy, UPDATED);
    const before = readFileSync(file, 'utf8');
    expect(before).toContain(from);
    writeFileSync(file, before.replace(from, to));
  };

  it('that breaks its producers needs a new version, and has it in every document', () => {
    rewrite('old_status: v.optional(status)', 'old_status: status');

    expect(npmRefuses('release', '--', '--check')).toContain(
      'shipment-status-updated: payload.required was ["shipment_id","status"] and is ["shipment_id","status","old_status"]: ' +
        'undo it, or raise shipment-status-updated to version 2 (CONTRIBUTING.md, "Change an event")\n',
    );

    rewrite('version: 1', 'version: 2');
    npmRun('release', '--', '--check');
    npmRun('generate');
    expect(existsSync(path.join(copy, 'docs/contracts/shipment-status-updated.v1.schema.json'))).toBe(false);
    expect(existsSync(path.join(copy, 'docs/contracts/shipment-status-updated.v2.schema.json'))).toBe(true);
    npmRun('release');

    rewrite('version: 2', 'version: 1');
    expect(npmRefuses('release', '--', '--check')).toContain('older than the released 2');
  }, 60_000);
});

/** Edits one file of the copy, writes what follows from it and checks that nothing is stale. */
function edit(file: string, from: string, to: string): void {
  const before = readFileSync(path.join(copy, file), 'utf8');
  expect(before).toContain(from);
  writeFileSync(path.join(copy, file), before.replace(from, to));
}

const written = (file: string) => readFileSync(path.join(copy, file), 'utf8');

describe('a change that CONTRIBUTING has a recipe for', () => {
  it('a status between two others is one entry, and a sample', () => {
    edit(
      'contracts/statuses.ts',
      '  out_for_delivery: {',
      "  in_orbit: { rank: '1999', closed: false, notifies: false, next: ['out_for_delivery'] },\n  out_for_delivery: {",
    );
    npmRun('generate');

    expect(written('docs/contracts/asyncapi.yaml')).toContain('- in_orbit');
    expect(written('README.md')).toContain('`in_orbit`');
    npmRun('generate', '--', '--check');
    expect(npmRefuses('release', '--', '--check')).toMatch(
      /raise correction-notification to version \d+ in contracts\/sent\.ts/,
    );
  }, 60_000);

  it('a figure is one line, and stands in every text', () => {
    edit('contracts/retention.ts', 'QUEUE_RETENTION_DAYS = 14', 'QUEUE_RETENTION_DAYS = 10');
    edit('template-src/defaults.ts', 'asyncEventAge: 600_000', 'asyncEventAge: 900_000');
    npmRun('generate');

    expect(written('template.yaml')).toContain('MessageRetentionPeriod: 864000');
    for (const file of ['README.md', 'docs/runbook.md', 'template.yaml'])
      expect(written(file)).not.toMatch(/\b14\b.{0,25}days/);
    for (const file of ['docs/runbook.md', 'template.yaml'])
      expect(written(file)).toContain('Events wait more than 15 minutes for a function');
    npmRun('generate', '--', '--check');
  }, 60_000);

  it('an alarm is a name and a definition', () => {
    edit('contracts/alarms.ts', "  'logistics-duration',", "  'logistics-duration',\n  'logistics-invocations',");
    edit(
      'template-src/monitoring/alarms.ts',
      "  'logistics-duration': {",
      `  'logistics-invocations': {
    ...lambda,
    id: 'InvocationsAlarm',
    title: 'More events than planned',
    meaning: 'Functions are invoked more often than planned.',
    look: 'the producers.',
    command: onStack('doctor'),
    metric: 'Invocations',
    statistic: 'Sum',
    threshold: 1_000_000,
  },
  'logistics-duration': {`,
    );
    npmRun('generate');

    expect(written('template.yaml')).toContain('logistics-invocations-${EnvironmentSuffix}');
    expect(written('docs/runbook.md')).toContain('### More events than planned');
    npmRun('generate', '--', '--check');
  }, 60_000);

  it('a function that records shipments is its event, its name, its handler and its figures', () => {
    write('contracts/events/returns-desk/parcel-returned.ts', CONTRACT.replace('Shipment Sorted', 'Parcel Returned'));
    edit(
      'contracts/functions.ts',
      "  'notification-handler': {",
      `  'returns-desk': { rule: 'logistics-returns', recordsShipments: true, maximumRetryAttempts: 2 },
  'notification-handler': {`,
    );
    edit(
      'contracts/environment.ts',
      "  'notification-handler': [",
      "  'returns-desk': SHIPMENT_FUNCTION,\n  'notification-handler': [",
    );
    write('src/handlers/returns-desk.ts', HANDLER);
    edit(
      'template-src/defaults.ts',
      "  'notification-handler': {",
      `  'returns-desk': { timeout: 15, memory: 256, ruleRetry: { retries: 1, maxAgeSeconds: 1_800 }, description: 'Records returns.' },
  'notification-handler': {`,
    );
    npmRun('generate');

    expect(Object.keys(templateOf().Resources)).toEqual(
      expect.arrayContaining(
        ['', 'Role', 'LogGroup', 'Rule', 'RulePermission', 'FailureQueue'].map((part) => `ReturnsDesk${part}`),
      ),
    );
    expect(written('src/entry/returns-desk.ts')).toContain('await prime()');
    expect(existsSync(path.join(copy, 'events/returns-desk/sorted.json'))).toBe(true);
    npmRun('generate', '--', '--check');
    expect(compiled()).toBe('');
  }, 120_000);
});
