/** The client package as a service uses it: built, packed, installed into another project, type-checked and run. */
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { transformSync } from 'esbuild';
import { signedBy } from '../../../local/carriers';
import { localEnvironment } from '../../../local/environment';
import { stopAfterTests, temporaryFolder } from '../../support/after-tests';

const PACKAGE = 'logistics-event-publisher';

const SIZES = JSON.parse(readFileSync('bench/package-sizes.json', 'utf8'));

const folder = temporaryFolder('publisher');
const service = path.join(folder, 'service');

const run = (file: string, args: string[], cwd: string) =>
  execFileSync(file, args, { cwd, encoding: 'utf8', stdio: 'pipe', timeout: 60_000 });

const writeIn = (file: string, content: string) => writeFileSync(path.join(service, file), content);

const installed = (file: string) => path.join(service, 'node_modules', PACKAGE, file);

const manifest = () => JSON.parse(readFileSync(installed('package.json'), 'utf8'));

beforeAll(() => {
  const built = path.join(folder, 'built');

  run(process.execPath, ['publisher/build.mjs', built], process.cwd());
  const [{ filename }] = JSON.parse(run('npm', ['pack', built, '--pack-destination', folder, '--json'], folder));
  mkdirSync(installed('.'), { recursive: true });
  run('tar', ['-xzf', path.join(folder, filename), '-C', installed('.'), '--strip-components=1'], folder);

  // Stands in for npm, which would install the dependencies. Every TypeScript service has @types/node.
  for (const name of [...Object.keys(manifest().dependencies), '@types/node']) {
    const link = path.join(service, 'node_modules', name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.resolve('node_modules', name), link);
  }
  writeIn('package.json', '{ "name": "a-service", "type": "module" }');
}, 120_000);

/**
 * Type-checks modules of the service together.
 * @param version package name of the TypeScript version
 * @param skipLibCheck false: also checks declarations of packages
 * @returns the compiler's errors, which name modules as `module<index>.ts`
 */
function typeCheck(modules: readonly string[], version = 'typescript', skipLibCheck = true): string {
  const files = modules.map((_, index) => `module${index}.ts`);
  const options = { module: 'nodenext', target: 'es2022', strict: true, noEmit: true, skipLibCheck, types: ['node'] };
  for (const [index, file] of files.entries()) writeIn(file, modules[index] ?? '');
  writeIn('tsconfig.json', JSON.stringify({ compilerOptions: options, files }));
  const tsc = path.resolve('node_modules', version, 'bin/tsc');
  return spawnSync(process.execPath, [tsc, '-p', '.'], { cwd: service, encoding: 'utf8', timeout: 60_000 }).stdout;
}

const publishing = (event: string) => `
import { createPublisher } from '${PACKAGE}';
await createPublisher({ busName: 'logistics-events-dev' }).publish([${event}]);
`;

const IDENTITY = `event_id: 'e-1', occurred_at: '2026-03-04T11:12:07+01:00',`;

it('is private, and README.md installs its file', () => {
  expect(manifest().private).toBe(true);
  expect(readFileSync('README.md', 'utf8')).toContain(`/${PACKAGE}-${manifest().version}.tgz\n`);
});

const EXAMPLES = [...readFileSync('publisher/README.md', 'utf8').matchAll(/```ts\n(.*?)```/gs)].map(
  ([, code = '']) => code,
);

it('type-checks with the examples of its README', () => {
  expect(EXAMPLES.length).toBeGreaterThan(0);
  for (const example of EXAMPLES) expect(example).toContain(PACKAGE);
  expect(typeCheck(EXAMPLES)).toBe('');
});

it('contains its README', () => {
  expect(readFileSync(installed('README.md'))).toEqual(readFileSync('publisher/README.md'));
});

it.each(Object.entries<number>(SIZES))('has a module %s of at most 105 %% of the recorded %d bytes', (module, size) => {
  // When it fails, reduce the module or record its new size in bench/package-sizes.json.
  expect(statSync(installed(module)).size).toBeLessThan(size * 1.05);
});

const created = (more = '', identity = IDENTITY) =>
  `{ detailType: 'Shipment Created', detail: { shipment_id: 'S', ${identity} ${more} } }`;

it('type-checks with the oldest TypeScript version that its manifest allows', () => {
  const oldest = String(manifest().peerDependencies.typescript).replace('>=', '');
  const otherEntries = `export { CARRIERS } from '${PACKAGE}/carriers'; export { createReader } from '${PACKAGE}/reader';`;

  expect(readFileSync('README.md', 'utf8')).toContain(`TypeScript ${oldest} or later`);
  const modules = [publishing(created()) + otherEntries, publishing(created("status: 'lost'"))];
  expect(typeCheck(modules, `typescript-${oldest}`, false)).toMatch(/^module1\.ts.*lost[^\n]*\n( [^\n]*\n)*$/);
}, 60_000);

describe('its types', () => {
  const cases: readonly (readonly [title: string, event: string, error: RegExp])[] = [
    ['accept a created shipment without a status', created(), /^$/],
    ['accept any key in metadata', created('metadata: { hall: 3 }'), /^$/],
    [
      'accept other fields in an error',
      `{ detailType: 'Critical Error', detail: { error_type: 'a', error_message: 'b', hall: 3 } }`,
      /^$/,
    ],
    ['accept null for optional fields', created('status: null, metadata: { carrier: null }'), /^$/],
    ['reject an unknown status', created("status: 'lost'"), /status|lost/],
    ['reject a misspelled field', created('metdata: {}'), /metdata/],
    ['reject an event without identity', created('', ''), /event_id/],
    ['reject a number as carrier', created('metadata: { carrier: 1 }'), /carrier|number/],
    ['reject null as identity', created('', 'event_id: null, occurred_at: null,'), /event_id|null/],
    ['reject an unknown event', created().replace('Created', 'Lost'), /Shipment Lost/],
  ];
  let errors: readonly string[];

  beforeAll(() => {
    errors = typeCheck(cases.map(([, event]) => publishing(event))).split(/^(?=module)/m);
  }, 60_000);

  it.each(cases.map(([title, , error], index) => [title, index, error] as const))('%s', (_, index, error) => {
    expect(errors.filter((line) => line.startsWith(`module${index}.ts`)).join('')).toMatch(error);
  });
});

it('publishes in plain Node, and throws its own error for an invalid event', () => {
  writeIn(
    'service.mjs',
    `import { createPublisher, NotPublished } from '${PACKAGE}';
const client = { send: async ({ input }) => ({ Entries: input.Entries.map(({ Source }) => ({ EventId: Source })) }) };
const { publish } = createPublisher({ busName: 'b', client });
const detail = { shipment_id: 'S', ${IDENTITY} };
const ids = await publish([{ detailType: 'Shipment Created', detail }]);
const error = await publish([{ detailType: 'Shipment Created', detail: { ...detail, status: 'lost' } }]).catch((thrown) => thrown);
console.log(ids.join(), error instanceof NotPublished, error.failures.length);
`,
  );

  expect(run(process.execPath, ['service.mjs'], service).trim()).toBe('logistics.shipment true 1');
});

/** An export of each entry. */
const ENTRIES = { '': 'NotPublished', '/carriers': 'UnreadableWebhook', '/reader': 'createReader' };

it.each(Object.entries(ENTRIES))('is the same module for `import` and `require`: entry %p', (entry, name) => {
  writeIn(
    'both.mjs',
    `import { createRequire } from 'node:module';
import * as imported from '${PACKAGE}${entry}';
const required = createRequire(import.meta.url)('${PACKAGE}${entry}');
console.log(Object.keys(required).every((key) => imported[key] === required[key]), typeof imported.${name});
`,
  );

  expect(run(process.execPath, ['both.mjs'], service).trim()).toBe('true function');
});

it('loads no AWS SDK for webhooks', () => {
  writeIn('loaded.cjs', `require('${PACKAGE}/carriers'); console.log(Object.keys(require.cache).join('\\n'));`);

  expect(run(process.execPath, ['loaded.cjs'], service)).not.toContain('@aws-sdk');
});

it("runs the README's handler, which publishes a valid webhook's events and answers every other call with an error", async () => {
  const published: string[] = [];
  let busStatus = 200;
  const bus = createServer(async (request, response) => {
    const { Entries }: { Entries: { Detail: string }[] } = JSON.parse(await text(request));
    if (busStatus === 200) published.push(...Entries.map(({ Detail }) => JSON.parse(Detail).status));
    response.writeHead(busStatus, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: 'e' })) }));
  });
  await once(bus.listen(0, '127.0.0.1'), 'listening');
  stopAfterTests(async () => bus.close().closeAllConnections());
  Object.assign(process.env, localEnvironment(`http://127.0.0.1:${(bus.address() as AddressInfo).port}`));
  process.env['EASYPOST_SECRETS'] = 'next current';
  const example = EXAMPLES.find((code) => code.includes('POST')) ?? '';
  writeIn('handler.cjs', transformSync(example, { loader: 'ts', format: 'cjs' }).code);
  const { POST } = await import(path.join(service, 'handler.cjs'));
  const statusOf = async (body: string, secret: string): Promise<number> => {
    const request = { method: 'POST', body, headers: signedBy('easypost', body, secret) };
    return (await POST(new Request('http://localhost/', request))).status;
  };
  const scans = [
    { status: 'in_transit', datetime: '2026-03-04T11:12:07Z' },
    { status: 'delivered', datetime: '2026-03-04T12:00:00Z' },
  ];
  const result = { tracking_code: '1Z', tracking_details: scans };
  const body = JSON.stringify({ description: 'tracker.updated', result });

  expect(await statusOf(body, 'current')).toBe(204);
  expect(await statusOf(body, 'forged')).toBe(401);
  expect(await statusOf('{', 'next')).toBe(400);
  expect(await statusOf('{}', 'next')).toBe(400);
  busStatus = 400;
  expect(await statusOf(body, 'next')).toBe(503);
  expect(published).toEqual(['in_transit', 'delivered']);
});
