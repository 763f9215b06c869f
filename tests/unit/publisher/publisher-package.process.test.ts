/** The client package as another service has it: built, packed, installed into a project of its own, type-checked and run. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { transformSync } from 'esbuild';
import { temporaryFolder } from '../../support/after-tests';

const PACKAGE = 'logistics-event-publisher';

const SIZES = JSON.parse(readFileSync('bench/package-sizes.json', 'utf8'));

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

const examplesOf = (readme: string) =>
  [...readFileSync(readme, 'utf8').matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code);

it.each(['README.md', 'publisher/README.md'])('type-checks the lines of %s', (readme) => {
  const examples = examplesOf(readme);

  expect(examples.length).toBeGreaterThan(0);
  for (const example of examples) {
    expect(example).toContain(PACKAGE);
    expect(typeCheck(example)).toBe('');
  }
});

it('brings its own README', () => {
  expect(readFileSync(path.join(service, 'node_modules', PACKAGE, 'README.md'))).toEqual(
    readFileSync('publisher/README.md'),
  );
});

it.each(Object.entries<number>(SIZES))('has a module %s of the size on record', (module, size) => {
  // Grown by more than 5 %: worth a look, and then a new size in bench/package-sizes.json.
  expect(statSync(path.join(service, 'node_modules', PACKAGE, module)).size).toBeLessThan(size * 1.05);
});

it('type-checks with the oldest TypeScript that it names', () => {
  const { peerDependencies } = JSON.parse(
    readFileSync(path.join(service, 'node_modules', PACKAGE, 'package.json'), 'utf8'),
  );
  const oldest = String(peerDependencies.typescript).replace('>=', '');
  const detail = `{ shipment_id: 'S', ${identity}, metadata: { hall: 3 } }`;

  expect(readFileSync('README.md', 'utf8')).toContain(`TypeScript ${oldest} or later`);
  const others = `export { CARRIERS } from '${PACKAGE}/carriers'; export { createReader } from '${PACKAGE}/reader';`;
  const created = publishing(`{ detailType: 'Shipment Created', detail: ${detail} }`);
  expect(typeCheck(created + others, `typescript-${oldest}`, false)).toBe('');
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

/** An entry by what tells that it is the real one. */
const ENTRIES = { '': 'NotPublished', '/carriers': 'UnreadableWebhook', '/reader': 'createReader' };

it.each(Object.entries(ENTRIES))('gives `import` and `require` one and the same module: %p', (entry, name) => {
  writeIn(
    'both.mjs',
    `import { createRequire } from 'node:module';
import * as imported from '${PACKAGE}${entry}';
const required = createRequire(import.meta.url)('${PACKAGE}${entry}');
// An error of one is an error of the other.
console.log(Object.keys(required).every((key) => imported[key] === required[key]), typeof imported.${name});
`,
  );

  expect(run(process.execPath, ['both.mjs'], service).trim()).toBe('true function');
});

it('needs no AWS to take a webhook', () => {
  writeIn('loaded.cjs', `require('${PACKAGE}/carriers'); console.log(Object.keys(require.cache).join('\\n'));`);

  expect(run(process.execPath, ['loaded.cjs'], service)).not.toContain('@aws-sdk');
});

it("runs the README's handler: events on the bus for a webhook that is signed and read, and an answer for each other", () => {
  const handler = examplesOf('publisher/README.md').find((code) => code.includes('POST'));
  writeIn('handler.mjs', transformSync(handler ?? '', { loader: 'ts' }).code);
  writeIn(
    'call.mjs',
    `import { createServer } from 'node:http';
const put = [];
let status = 200;
const bus = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { Entries } = JSON.parse(Buffer.concat(chunks));
  if (status === 200) put.push(...Entries.map(({ Detail }) => JSON.parse(Detail).status));
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify({ FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: 'e' })) }));
});
await new Promise((resolve) => bus.listen(0, '127.0.0.1', resolve));
process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:' + bus.address().port;
const { POST } = await import('./handler.mjs');
const { createHmac } = await import('node:crypto');
const post = (body, secret) =>
  POST(new Request('http://localhost/', {
    method: 'POST',
    body,
    headers: { 'X-Hmac-Signature': 'hmac-sha256-hex=' + createHmac('sha256', secret).update(body).digest('hex') },
  })).then(({ status }) => status);
const scans = [{ status: 'in_transit', datetime: '2026-03-04T11:12:07Z' }, { status: 'delivered', datetime: '2026-03-04T12:00:00Z' }];
const body = JSON.stringify({ description: 'tracker.updated', result: { tracking_code: '1Z', tracking_details: scans } });
const statuses = [await post(body, 'current'), await post(body, 'forged'), await post('{', 'next'), await post('{}', 'next')];
status = 400;
statuses.push(await post(body, 'next'));
console.log(JSON.stringify({ statuses, put }));
bus.close();
bus.closeAllConnections();
`,
  );
  const environment = {
    EASYPOST_SECRETS: 'next current',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
    NODE_NO_WARNINGS: '1',
  };
  const { stdout, stderr } = spawnSync(process.execPath, ['call.mjs'], {
    cwd: service,
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, ...environment },
  });

  expect({ stderr, ...JSON.parse(stdout || '{}') }).toEqual({
    stderr: '',
    statuses: [204, 401, 400, 400, 503],
    put: ['in_transit', 'delivered'],
  });
});
