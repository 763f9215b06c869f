/** The publisher as another service has it: built, packed, installed into a project of its own, type-checked and run. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../../support/after-tests';

const PACKAGE = 'logistics-event-publisher';

let folder: string;
let service: string;

const run = (file: string, args: string[], cwd: string) =>
  execFileSync(file, args, { cwd, encoding: 'utf8', stdio: 'pipe', timeout: 60_000 });

const writeIn = (file: string, content: string) => writeFileSync(path.join(service, file), content);

beforeAll(() => {
  folder = temporaryFolder('publisher');
  service = path.join(folder, 'service');
  const built = path.join(folder, 'built');
  const installed = path.join(service, 'node_modules', PACKAGE);

  run(process.execPath, ['publisher/build.mjs', built], process.cwd());
  const [{ filename }] = JSON.parse(run('npm', ['pack', built, '--pack-destination', folder, '--json'], folder));
  mkdirSync(installed, { recursive: true });
  run('tar', ['-xzf', path.join(folder, filename), '-C', installed, '--strip-components=1'], folder);

  // What npm would install beside it; @types/node is any TypeScript service's own.
  const { dependencies } = JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8'));
  for (const name of [...Object.keys(dependencies), '@types/node']) {
    const link = path.join(service, 'node_modules', name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.resolve('node_modules', name), link);
  }
  writeIn('package.json', '{ "name": "a-service", "type": "module" }');
}, 120_000);

/**
 * @param version of TypeScript, as its package is called here
 * @param skipLibCheck false: declarations of packages are checked as well
 * @returns the compiler's complaints about this module of the service
 */
function typeCheck(source: string, version = 'typescript', skipLibCheck = true): string {
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2022',
    strict: true,
    noEmit: true,
    skipLibCheck,
    types: ['node'],
  };
  writeIn('service.ts', source);
  writeIn('tsconfig.json', JSON.stringify({ compilerOptions, files: ['service.ts'] }));
  const tsc = path.resolve('node_modules', version, 'bin/tsc');
  return spawnSync(process.execPath, [tsc, '-p', '.'], { cwd: service, encoding: 'utf8', timeout: 60_000 }).stdout;
}

const publishing = (event: string) => `
import { createPublisher } from '${PACKAGE}';
await createPublisher({ busName: 'logistics-events-dev' }).publish([${event}]);
`;

const identity = `event_id: 'e-1', occurred_at: '2026-03-04T11:12:07+01:00'`;

it('is private, and README.md installs it from its file', () => {
  const manifest = JSON.parse(readFileSync(path.join(service, 'node_modules', PACKAGE, 'package.json'), 'utf8'));

  expect(manifest.private).toBe(true);
  expect(readFileSync('README.md', 'utf8')).toContain(`/${PACKAGE}-${manifest.version}.tgz\n`);
});

it('type-checks the lines of README.md', () => {
  const [, example] = /```ts\n(.*?)```/s.exec(readFileSync('README.md', 'utf8')) ?? [];

  expect(example).toContain(PACKAGE);
  expect(typeCheck(example ?? '')).toBe('');
});

it('type-checks with the oldest TypeScript that it names', () => {
  const { peerDependencies } = JSON.parse(
    readFileSync(path.join(service, 'node_modules', PACKAGE, 'package.json'), 'utf8'),
  );
  const oldest = String(peerDependencies.typescript).replace('>=', '');
  const detail = `{ shipment_id: 'S', ${identity}, metadata: { hall: 3 } }`;

  expect(readFileSync('README.md', 'utf8')).toContain(`TypeScript ${oldest} or later`);
  expect(
    typeCheck(publishing(`{ detailType: 'Shipment Created', detail: ${detail} }`), `typescript-${oldest}`, false),
  ).toBe('');
  expect(typeCheck(publishing(`{ detailType: 'Shipment Lost', detail: ${detail} }`), `typescript-${oldest}`)).toMatch(
    /Lost/,
  );
}, 60_000);

it.each([
  [
    'a created shipment with no status',
    `{ detailType: 'Shipment Created', detail: { shipment_id: 'S', ${identity} } }`,
  ],
  [
    'metadata of any key',
    `{ detailType: 'Shipment Created', detail: { shipment_id: 'S', ${identity}, metadata: { hall: 3 } } }`,
  ],
  [
    'an error with more to it',
    `{ detailType: 'Critical Error', detail: { error_type: 'a', error_message: 'b', hall: 3 } }`,
  ],
  [
    'null for what may be left out',
    `{ detailType: 'Shipment Status Updated', detail: { shipment_id: 'S', status: 'failed', old_status: null, ${identity}, metadata: { carrier: null } } }`,
  ],
])('its types take %s', (_, event) => {
  expect(typeCheck(publishing(event))).toBe('');
});

it.each([
  [
    'an unknown status',
    `{ detailType: 'Shipment Created', detail: { shipment_id: 'S', status: 'lost', ${identity} } }`,
    /status|lost/,
  ],
  [
    'a mistyped field',
    `{ detailType: 'Shipment Created', detail: { shipment_id: 'S', ${identity}, metdata: {} } }`,
    /metdata/,
  ],
  ['no identity', `{ detailType: 'Shipment Created', detail: { shipment_id: 'S' } }`, /event_id/],
  [
    'a carrier that is a number',
    `{ detailType: 'Shipment Created', detail: { shipment_id: 'S', ${identity}, metadata: { carrier: 1 } } }`,
    /carrier|number/,
  ],
  [
    'null for the identity',
    `{ detailType: 'Shipment Created', detail: { shipment_id: 'S', event_id: null, occurred_at: null } }`,
    /event_id|null/,
  ],
  ['an unknown event', `{ detailType: 'Shipment Lost', detail: { shipment_id: 'S', ${identity} } }`, /Shipment Lost/],
])('its types refuse %s', (_, event, complaint) => {
  expect(typeCheck(publishing(event))).toMatch(complaint);
});

it.each([
  ['import', 'service.mjs', `import { createPublisher, NotPublished } from '${PACKAGE}';`],
  ['require', 'service.cjs', `const { createPublisher, NotPublished } = require('${PACKAGE}');`],
])('runs in plain Node by %s', (_, file, first) => {
  writeIn(
    file,
    `${first}
const client = { send: async ({ input }) => ({ Entries: input.Entries.map(({ Source }) => ({ EventId: Source })) }) };
const { publish } = createPublisher({ busName: 'b', client });
const detail = { shipment_id: 'S', ${identity} };
publish([{ detailType: 'Shipment Created', detail }])
  .then((ids) => publish([{ detailType: 'Shipment Created', detail: { ...detail, status: 'lost' } }]).catch((error) => [ids, error]))
  .then(([ids, error]) => console.log(ids.join(), error instanceof NotPublished, error.failures.length));
`,
  );

  expect(run(process.execPath, [file], service).trim()).toBe('logistics.shipment true 1');
});
