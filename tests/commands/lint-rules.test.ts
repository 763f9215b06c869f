/** The lint against what it must refuse, and what it must let pass: one run of Biome over a folder that is laid out as the project is. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../after-tests';

/** By its name: code that no file of `src/domain` may hold. */
const IMPURE = {
  'the time as text': 'Date();',
  'the time': 'Date.now();',
  'the time as a Date': 'new Date();',
  'the time as a Date, without parentheses': 'new Date;',
  'the time inside of a Date': 'new Date(Date.now());',
  'the clock under another name': 'const now = Date.now;',
  'the clock taken out of Date': 'const { now } = Date;',
  'Date under another name': 'const Clock = Date;',
  'the monotonic clock': 'performance.now();',
  'the clock of the process': 'process.hrtime();',
  'the environment': 'process.env.NAME;',
  'a timer': 'setTimeout(run, 1);',
  'a random number': 'Math.random();',
  'a random number by its name': "Math['random']();",
  'randomness taken out of Math': 'const { random } = Math;',
  'a random UUID': 'crypto.randomUUID();',
  'random bytes': 'crypto.getRandomValues(bytes);',
  'a global by another way': 'globalThis.crypto;',
  'a request': "fetch('https://example.com');",
  'a line of output': "console.log('');",
  'randomness of node:crypto': "import { randomInt } from 'node:crypto';",
  'all of node:crypto': "import * as crypto from 'node:crypto';",
  'the default of node:crypto': "import crypto from 'node:crypto';",
  'node:crypto when it runs': "await import('node:crypto');",
  'crypto without node:': "import { randomInt } from 'crypto';",
  files: "import { readFileSync } from 'node:fs';",
  'files without node:': "import { readFileSync } from 'fs';",
  'files when it runs': "await import('node:fs');",
  'files by require': "require('fs');",
  'an SDK': "import { DynamoDBClient } from '@aws-sdk/client-dynamodb';",
};

/** The like of these is what the domain is made of. */
const PURE = {
  'a given time': 'new Date(timestamp);',
  'a given day': 'new Date(2026, 0, 1);',
  'a time in text': "Date.parse('2026-03-01T09:30:00Z');",
  'a day in figures': 'Date.UTC(2026, 0, 1);',
  'arithmetic inside of a Date': 'new Date(Math.max(a, b));',
  'a hash': "import { createHash } from 'node:crypto';",
  'a schema': "import * as v from 'valibot';",
  'a neighbour': "import { versionOf } from './version';",
};

/** The table of CONTRIBUTING.md: each folder with what it may import. */
const ROWS = readFileSync('CONTRIBUTING.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line, index, lines) => {
    const [, folder = '', , mayImport = ''] = line.split('|');
    const rows = lines.slice(0, index).map((row) => namesIn(row)[0] ?? '');
    return {
      folder: namesIn(folder)[0] ?? '',
      mayImport: mayImport.includes('all of these') ? rows : namesIn(mayImport),
    };
  });

const FOLDERS = ROWS.map(({ folder }) => folder);

/** One module of each folder, one of the tests, and the two modules that are named by themselves. */
const MODULES = [
  ...[...FOLDERS, 'tests/'].map((folder) => `${folder}module`),
  'src/adapters/attributes',
  'local/trouble',
];

/** Each folder's import of each other folder's module, from a file of its own and from one that lies deeper. */
const IMPORTS = ROWS.flatMap(({ folder, mayImport }) =>
  [folder, ...(folder.startsWith('src/') || folder === 'publisher/' ? [] : [`${folder}deeper/`])].flatMap((from) =>
    MODULES.filter((module) => !module.startsWith(folder)).map((module) => ({
      from,
      module,
      allowed: mayImport.some((name) => module.startsWith(name)),
    })),
  ),
);

function namesIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
}

let folder: string;
let refused: Set<string>;

/** Writes one file of one statement; answers its path. */
function write(file: string, code: string): string {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), `${code}\n`);
  return file;
}

const fileOf = (from: string, name: string) => `${from}${name.replace(/[^a-z]+/gi, '-')}.ts`;

beforeAll(() => {
  folder = temporaryFolder('lint');
  for (const entry of ['biome.json', 'lint', '.gitignore']) {
    cpSync(entry, path.join(folder, entry), { recursive: true });
  }
  for (const [name, code] of Object.entries({ ...IMPURE, ...PURE })) write(fileOf('src/domain/', name), code);
  for (const { from, module } of IMPORTS) {
    write(fileOf(from, module), `import type { Name } from '${path.relative(from, module)}';`);
  }
  refused = errorsOfBiome();
});

/** @returns the files that the project's own rules refuse: what all Biome's users have is not the matter here */
function errorsOfBiome(): Set<string> {
  const { stdout } = spawnSync(
    process.execPath,
    [path.resolve('node_modules/@biomejs/biome/bin/biome'), 'lint', '--reporter=json', '--max-diagnostics=none', '.'],
    { cwd: folder, encoding: 'utf8' },
  );
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { category: string; location: { path: string } }[] };
  return new Set(
    diagnostics
      .filter(({ category }) => category === 'plugin' || /\/noRestricted|\/noProcess/.test(category))
      .map(({ location }) => location.path),
  );
}

it.each(Object.keys(IMPURE))('refuses the domain %s', (name) => {
  expect(refused).toContain(fileOf('src/domain/', name));
});

it.each(Object.keys(PURE))('lets the domain have %s', (name) => {
  expect(refused).not.toContain(fileOf('src/domain/', name));
});

it('has a row for each folder of src', () => {
  expect(FOLDERS).toEqual(expect.arrayContaining(readdirSync('src').map((name) => `src/${name}/`)));
});

it('lets each folder import what the table of CONTRIBUTING.md says, and nothing else', () => {
  const wrong = IMPORTS.filter(({ from, module, allowed }) => refused.has(fileOf(from, module)) === allowed);

  expect(wrong.map(({ from, module, allowed }) => `${from} ${allowed ? 'may' : 'must not'} import ${module}`)).toEqual(
    [],
  );
  expect(IMPORTS.filter(({ allowed }) => !allowed).length).toBeGreaterThan(FOLDERS.length);
});
