import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EVENT_FUNCTION_KEYS } from '../../../contracts/functions';
import { copyCheckout } from '../../../tools/checkout.mjs';
import { temporaryFolder } from '../../support/after-tests';

/** A released contract, for the recipe of a change. */
const UPDATED = 'contracts/events/status-updater/shipment-status-updated.ts';

/** The hand-written file of the recipe for an event. */
const CONTRACT = `import { defineEvent, type SamplesOf } from '../../define-event';
import { shipmentFields, status } from '../../fields';

export const contract = defineEvent({
  source: 'logistics.recipe',
  detailType: 'Recipe Followed',
  version: 1,
  summary: 'A recipe has been followed.',
  fields: { ...shipmentFields, status },
  rules: [],
});

export const samples: SamplesOf<typeof contract> = {
  followed: { summary: 'Followed.', time: '2026-03-02T08:00:00Z', detail: { shipment_id: 'SHP-1', status: 'in_transit' } },
};
`;

const HANDLER = `import { contract as ordinary } from '../../contracts/events/recipe-function/recipe-repeated';
import { contracts } from '../../contracts/generated/recipe-function';
import { shipmentHandler } from '../runtime/shipment-handler';

/** Records what comes of recipes. */
export const { handler, prime } = shipmentHandler({
  key: 'recipe-function',
  contracts,
  ordinary,
  answer: ({ shipment_id }) => ({ shipment_id }),
});
`;

let copy: string;

beforeAll(() => {
  copy = temporaryFolder('recipe');
  copyCheckout(copy);
  for (const linked of ['node_modules', '.tools']) symlinkSync(path.resolve(linked), path.join(copy, linked));
  // Versions raised since the last release become the baseline, so that a further change needs a new version.
  expectSuccess('release');
});

const runs = (...program: string[]) =>
  spawnSync(process.execPath, program, { cwd: copy, encoding: 'utf8', timeout: 60_000 });

function expectSuccess(...program: string[]): void {
  expect(runs('tools/run.mjs', ...program)).toMatchObject({ status: 0, stderr: '' });
}

/** Expects `npm run generate` to fail with this error. It runs before the compiler, so it must itself name what is missing. */
function expectGenerateError(message: string): void {
  const { status, stderr } = runs('tools/run.mjs', 'generate');
  expect([status, stderr]).toEqual([1, `${message}\n`]);
}

/** Checks the released contracts, which must fail, and returns its errors. */
function refusals(): string {
  const { status, stderr } = runs('tools/run.mjs', 'release', '--check');
  expect(status).toBe(1);
  return stderr;
}

const exists = (file: string) => existsSync(path.join(copy, file));

const textOf = (file: string) => readFileSync(path.join(copy, file), 'utf8');

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
  writeFileSync(path.join(copy, file), text);
}

/** Returns the text that a pattern captures in a file. */
function capture(file: string, pattern: RegExp): string {
  const [, captured] = pattern.exec(textOf(file)) ?? [];
  if (captured === undefined) throw new Error(`${file} has no ${pattern}`);
  return captured;
}

/** Replaces a text in a file, which must contain it. */
function edit(file: string, from: string, to: string): void {
  const before = textOf(file);
  expect(before).toContain(from);
  write(
    file,
    before.replace(from, () => to),
  );
}

/** Inserts a line of code before the line that begins with `before`. */
const insert = (file: string, before: string, line: string) => edit(file, `  ${before}`, `  ${line}\n  ${before}`);

describe('the recipes of CONTRIBUTING', () => {
  it('add an event to a function by one contract, from which rule, bus, samples and documents are generated', () => {
    write('contracts/events/status-updatr/recipe-followed.ts', CONTRACT);
    expectGenerateError(
      `contracts/events/status-updatr is not named after a function: rename it to one of ${EVENT_FUNCTION_KEYS.join(', ')}, ` +
        'or add a function to contracts/functions.ts',
    );
    rmSync(path.join(copy, 'contracts/events/status-updatr'), { recursive: true });
    write('contracts/events/status-updater/recipe-followed.ts', CONTRACT);
    expect(runs('tools/run.mjs', 'generate', '--check').status).toBe(1);

    expectSuccess('generate');

    for (const file of [
      'template.yaml',
      'README.md',
      'docs/contracts/asyncapi.yaml',
      'docs/contracts/recipe-followed.v1.schema.json',
      'events/status-updater/followed.json',
    ])
      expect(textOf(file)).toContain('Recipe Followed');
    edit('CHANGELOG.md', '\n## ', '\n## Recipes\n\n- Nothing.\n\n## ');
    expect(refusals()).toBe(
      'CHANGELOG.md does not mention "Recipe Followed version 1": write these words in an entry under "## Recipes"\n',
    );
    edit('CHANGELOG.md', '- Nothing.', '- `Recipe Followed` version 1.');
    expectSuccess('release', '--check');
  }, 60_000);

  it('require a new version for a change of a released event that breaks its producers, and show it in every document', () => {
    const before = textOf(UPDATED);
    const version = Number(capture(UPDATED, /version: (\d+)/));
    edit(UPDATED, 'old_status: v.optional(status)', 'old_status: status');

    expect(refusals()).toContain(`raise shipment-status-updated to version ${version + 1}`);

    edit(UPDATED, `version: ${version}`, `version: ${version + 1}`);
    expect(refusals()).toMatch(/^CHANGELOG.md does not mention "Shipment Status Updated version \d+": .*\n$/);
    expectSuccess('generate');
    const schemas = [version, version + 1].map(
      (number) => `docs/contracts/shipment-status-updated.v${number}.schema.json`,
    );
    expect(schemas.map(exists)).toEqual([false, true]);
    write(UPDATED, before);
  }, 60_000);

  it('add a status between two others by one entry, and ask for new versions of the messages that contain it', () => {
    insert(
      'contracts/statuses.ts',
      'out_for_delivery: {',
      "in_orbit: { rank: '1999', closed: false, notifies: false, next: ['out_for_delivery'] },",
    );

    expectSuccess('generate');

    expect(textOf('docs/contracts/asyncapi.yaml')).toContain('- in_orbit');
    expect(textOf('README.md')).toContain('`in_orbit`');
    expect(refusals()).toMatch(/raise correction-notification to version \d+ in contracts\/sent\.ts/);
  }, 60_000);

  it('change a figure in one line, from which every text is generated', () => {
    const days = Number(capture('contracts/retention.ts', /QUEUE_RETENTION_DAYS = (\d+)/));
    const age = capture('template-src/defaults.ts', /asyncEventAge: ([\d_]+)/);
    edit('contracts/retention.ts', `QUEUE_RETENTION_DAYS = ${days}`, `QUEUE_RETENTION_DAYS = ${days - 1}`);
    edit('template-src/defaults.ts', `asyncEventAge: ${age}`, 'asyncEventAge: 2_220_000');

    expectSuccess('generate');

    expect(textOf('template.yaml')).toContain(`MessageRetentionPeriod: ${(days - 1) * 86_400}`);
    const stale = new RegExp(`(?<!archive.{0,40})\\b${days}\\b.{0,25}days`);
    for (const file of ['README.md', 'docs/runbook.md', 'template.yaml']) expect(textOf(file)).not.toMatch(stale);
    for (const file of ['docs/runbook.md', 'template.yaml'])
      expect(textOf(file)).toContain('Events wait more than 37 minutes for a function');
  }, 60_000);

  it('add an alarm by its name and its definition', () => {
    insert('contracts/alarms.ts', "'logistics-duration',", "'logistics-recipes',");
    expectGenerateError(
      'template-src/monitoring/alarms.ts has no definition of logistics-recipes: add what is missing',
    );
    insert(
      'template-src/monitoring/alarms.ts',
      "'logistics-duration': {",
      `'logistics-recipes': {
    ...lambda,
    id: 'RecipesAlarm',
    title: 'More recipes than planned',
    meaning: 'Functions are invoked more often than planned.',
    look: 'the producers.',
    command: onStack('doctor'),
    metric: 'Invocations',
    statistic: 'Sum',
    threshold: 1_000_000,
  },`,
    );

    expectSuccess('generate');

    expect(textOf('template.yaml')).toContain('logistics-recipes-${EnvironmentSuffix}');
    expect(textOf('docs/runbook.md')).toContain('### More recipes than planned');
  }, 60_000);

  it('add a function that records shipments by its event, name, handler and figures', () => {
    insert(
      'contracts/functions.ts',
      "'notification-handler': {",
      "'recipe-function': { rule: 'logistics-recipe', recordsShipments: true, maximumRetryAttempts: 2 },",
    );
    expectGenerateError('recipe-function has no events: write them in contracts/events/recipe-function');
    write('contracts/events/recipe-function/recipe-repeated.ts', CONTRACT.replace('Followed', 'Repeated'));
    expectGenerateError('contracts/environment.ts has no entry for recipe-function: add what is missing');
    insert('contracts/environment.ts', "'notification-handler': [", "'recipe-function': SHIPMENT_FUNCTION,");
    expectGenerateError('template-src/defaults.ts has no figures of recipe-function: add what is missing');
    write('src/handlers/recipe-function.ts', HANDLER);
    insert(
      'template-src/defaults.ts',
      "'notification-handler': {",
      "'recipe-function': { timeout: 15, memory: 256, ruleRetry: { retries: 1, maxAgeSeconds: 1_800 }, description: 'Records.' },",
    );

    expectSuccess('generate');

    for (const part of ['', 'Role', 'LogGroup', 'Rule', 'RulePermission', 'FailureQueue'])
      expect(textOf('template.yaml')).toContain(`  RecipeFunction${part}:\n`);
    expect(textOf('src/entry/recipe-function.ts')).toContain('await prime()');
    expect(runs('node_modules/typescript/bin/tsc', '--noEmit', '--project', '.').stdout).toBe('');
  }, 120_000);

  it('leave no generated file stale', () => expectSuccess('generate', '--check'));
});
