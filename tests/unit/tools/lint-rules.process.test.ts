/** The lint rules and layers: code that they must refuse, and code that they must allow. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LAYERS } from '../../../tools/layers/layers';
import { violations } from '../../../tools/layers/violations';
import { temporaryFolder } from '../../support/after-tests';

/** Code that no file of `src/domain` may contain. */
const IMPURE = {
  'the time as text': 'Date();',
  'the time': 'Date.now();',
  'the time as a Date': 'new Date();',
  'the time as a Date, without parentheses': 'new Date;',
  'the clock under another name': 'const now = Date.now;',
  'the clock taken out of Date': 'const { now } = Date;',
  'the monotonic clock': 'performance.now();',
  'the environment': 'process.env.NAME;',
  'a timer': 'setTimeout(run, 1);',
  'a random number': 'Math.random();',
  'a random number by its name': "Math['random']();",
  'a random UUID': 'crypto.randomUUID();',
  'a global of globalThis': 'globalThis.crypto;',
  'a request': "fetch('https://example.com');",
  'a line of output': "console.log('');",
  'randomness of node:crypto': "import { randomInt } from 'node:crypto';",
  'all of node:crypto': "import * as crypto from 'node:crypto';",
  'the default of node:crypto': "import crypto from 'node:crypto';",
  'node:crypto by import()': "await import('node:crypto');",
  'crypto without node:': "import { randomInt } from 'crypto';",
  files: "import { readFileSync } from 'node:fs';",
  'an SDK': "import { DynamoDBClient } from '@aws-sdk/client-dynamodb';",
};

/** Code that the domain needs. */
const PURE = {
  'a given time': 'new Date(timestamp);',
  'a given day': 'new Date(2026, 0, 1);',
  'a parsed time': "Date.parse('2026-03-01T09:30:00Z');",
  'a day by its numbers': 'Date.UTC(2026, 0, 1);',
  'arithmetic inside of a Date': 'new Date(Math.max(a, b));',
  'a hash': "import { createHash } from 'node:crypto';",
  'a schema': "import * as v from 'valibot';",
  'a neighbour': "import { versionOf } from './version';",
};

const fileOf = (name: string) => `src/domain/${name.replace(/[^a-z]+/gi, '-')}.ts`;

const statements = new Map(Object.entries({ ...IMPURE, ...PURE }).map(([name, code]) => [fileOf(name), code]));

let refused: Set<string>;

beforeAll(() => {
  const folder = temporaryFolder('lint');
  for (const entry of ['biome.json', 'tools/layers/pure-domain.grit', '.gitignore'])
    cpSync(entry, path.join(folder, entry));
  mkdirSync(path.join(folder, 'src/domain'), { recursive: true });
  for (const [file, code] of statements) writeFileSync(path.join(folder, file), `${code}\n`);
  const importing = violations(statements).map((line) => line.split(' ', 1)[0] ?? '');
  refused = new Set([...importing, ...errorsOfBiome(folder)]);
});

/** The files that this project's own rules refuse; Biome's default rules are not tested here. */
function errorsOfBiome(folder: string): string[] {
  const { stdout } = spawnSync(
    process.execPath,
    [path.resolve('node_modules/@biomejs/biome/bin/biome'), 'lint', '--reporter=json', '--max-diagnostics=none', '.'],
    { cwd: folder, encoding: 'utf8' },
  );
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { category: string; location: { path: string } }[] };
  return diagnostics
    .filter(({ category }) => category === 'plugin' || /\/noRestricted/.test(category))
    .map(({ location }) => location.path);
}

it.each(Object.keys(IMPURE))('refuses %s in the domain', (name) => {
  expect(refused).toContain(fileOf(name));
});

it.each(Object.keys(PURE))('allows %s in the domain', (name) => {
  expect(refused).not.toContain(fileOf(name));
});

describe('a layer', () => {
  const mayImport = LAYERS.find(({ folder }) => folder === 'cli')?.mayImport;

  it.each([
    "import { x } from '../local/x';",
    "import type { X } from '../local/x';",
    "export * from '../local/x';",
    "type X = import('../local/x').X;",
    "await import('../local/x');",
    "require('../local/x');",
  ])('may not import one above it: %s', (code) => {
    expect(violations(new Map([['cli/x.ts', code]]))).toEqual([
      `cli/x.ts must not import ../local/x: cli may import ${mayImport?.join(', ')}`,
    ]);
  });

  it('may import itself, what the table allows, and any package unless the table lists some', () => {
    const allowed = ['./y', '../lib/x.mjs', '../src/adapters/attributes', '../src/domain/json', '@aws-sdk/client-sqs'];
    const forbidden = ['../src/adapters/topic', '../src/runtime/telemetry', '../library/x'];
    const source = [...allowed, ...forbidden].map((name) => `import '${name}';`).join('\n');

    expect(violations(new Map([['cli/commands/../x.ts', source]]))).toHaveLength(2);
    expect(violations(new Map([['src/application/x.ts', "import 'valibot';"]]))).toHaveLength(1);
  });

  it('may only import layers above it in the table, so that imports form no cycle', () => {
    for (const [index, { mayImport }] of LAYERS.entries()) {
      const lower = LAYERS.slice(0, index).map(({ folder }) => folder);
      expect(mayImport.filter((name) => !lower.some((folder) => name.startsWith(folder)))).toEqual([]);
    }
  });

  it('is defined for every folder of src', () => {
    const folders = LAYERS.map(({ folder }) => folder);

    expect(folders).toEqual(expect.arrayContaining(readdirSync('src').map((name) => `src/${name}`)));
  });
});
