import { markdownTable } from '../../lib/markdown';

/** A folder of the project, and what its modules may import: folders or modules of earlier layers, and packages. */
export interface Layer {
  readonly folder: string;
  readonly holds: string;
  readonly mayImport: readonly string[];
  /** Modules of Node and npm; any if undefined. */
  readonly packages?: readonly string[];
}

const LOWER: readonly Layer[] = [
  {
    folder: 'contracts',
    holds: 'events, statuses, names, keys, environment variables: once each',
    mayImport: [],
    packages: ['valibot'],
  },
  { folder: 'lib', holds: 'what several of the folders below need', mayImport: ['contracts'] },
  {
    folder: 'carriers',
    holds: "carrier platforms' webhooks: signatures, status words, times; pure",
    mayImport: ['contracts', 'lib'],
    packages: ['valibot', 'node:crypto'],
  },
  {
    folder: 'src/domain',
    holds: 'the rules; pure: no SDK, environment, clock or randomness',
    mayImport: ['contracts'],
    packages: ['valibot', 'node:crypto'],
  },
  {
    folder: 'src/application',
    holds: 'use cases over ports',
    mayImport: ['contracts', 'carriers', 'src/domain'],
    packages: [],
  },
  {
    folder: 'src/adapters',
    holds: 'AWS, behind those ports',
    mayImport: ['contracts', 'src/domain', 'src/application'],
  },
  {
    folder: 'src/runtime',
    holds: 'what a handler needs around it',
    mayImport: ['contracts', 'src/domain', 'src/application', 'src/adapters'],
  },
  {
    folder: 'src/handlers',
    holds: 'one file per Lambda function, wiring only',
    mayImport: ['contracts', 'carriers', 'src/domain', 'src/application', 'src/adapters', 'src/runtime'],
  },
  { folder: 'src/entry', holds: 'what Lambda loads: a handler, primed', mayImport: ['src/handlers'] },
  { folder: 'template-src', holds: 'the template', mayImport: ['contracts', 'lib/user-error'] },
  {
    folder: 'publisher',
    holds: 'the package that other services publish, receive and read with',
    mayImport: ['contracts', 'lib'],
  },
  {
    folder: 'examples',
    holds: 'programs of other systems, as their owners would write them',
    mayImport: ['publisher'],
  },
  {
    folder: 'cli',
    holds: "the operator's command",
    mayImport: [
      'contracts',
      'lib',
      'publisher',
      'src/domain',
      'src/adapters/attributes',
      // `conformance` tries the log's write on AWS.
      'src/adapters/event-log',
      // `rebuild` uses the status write.
      'src/adapters/shipments',
      'src/application/advance-status',
    ],
  },
  { folder: 'local', holds: 'the embedded AWS', mayImport: ['contracts', 'lib', 'template-src'] },
  {
    folder: 'demo',
    holds: '`npm start` with its page, and the simulated day',
    mayImport: ['contracts', 'lib', 'template-src', 'publisher', 'cli', 'local'],
  },
  {
    folder: 'tools',
    holds: 'what developers run: set-up, checks, generators, release',
    // A generated document lists the claims of `conformance`, and which hold on the embedded AWS.
    mayImport: ['contracts', 'lib', 'carriers', 'template-src', 'cli/conformance/claims', 'local/known-differences'],
  },
];

const all = (layers: readonly Layer[]) => layers.map(({ folder }) => folder);

/** Every folder with code. Each comes after the folders that it may import, so that imports cannot form a cycle. */
export const LAYERS: readonly Layer[] = [
  ...LOWER,
  { folder: 'bench', holds: 'what `npm run bench` measures, and what with', mayImport: [...all(LOWER)] },
  { folder: 'tests', holds: 'the tests of all of these', mayImport: [...all(LOWER), 'bench'] },
];

const asCode = (folder: string) => `\`${folder}\``;

/** The table of layers in CONTRIBUTING.md. */
export const layersTable = markdownTable(
  ['folder', 'holds', 'may import'],
  LAYERS.map(({ folder, holds, mayImport }, index) => {
    const isAll = mayImport.length === index && index > 1;
    return [
      asCode(folder),
      holds,
      isAll ? 'all of these' : mayImport.map(asCode).join(', ') || 'nothing of the project',
    ];
  }),
);
