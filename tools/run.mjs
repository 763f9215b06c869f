/** `node tools/run.mjs <program> [arguments]`: installs what a program needs, then runs it. */
import { runMain } from '../lib/user-error.mjs';
import { setUp } from './setup.mjs';

/** Programs: entry points, tools beside the npm packages, and the module that reads the command line before set-up. */
const PROGRAMS = {
  start: { entries: ['demo/main.ts'], tools: ['sam', 'emulator'], options: 'demo/options.mjs' },
  simulate: {
    entries: ['demo/simulation/main.ts'],
    tools: ['sam', 'emulator'],
    options: 'demo/simulation/options.mjs',
  },
  bench: { entries: ['bench/main.ts'], tools: ['node', 'sam', 'emulator', 'bench'], options: 'bench/options.mjs' },
  page: { entries: ['tests/integration/page/main.ts'], tools: ['sam', 'emulator'] },
  'sam-local': { entries: ['tests/integration/sam-local/main.ts'], tools: ['sam', 'emulator'] },
  // The second reads the first one's output.
  generate: { entries: ['tools/generate/registry.ts', 'tools/generate/all.ts'], tools: [] },
  release: { entries: ['tools/release/main.ts'], tools: [] },
};

await runMain(async () => {
  const [name, ...args] = process.argv.slice(2);
  const { entries, tools, options } = PROGRAMS[name];
  // A wrong command line fails before set-up, which may take a minute.
  if (options) (await import(`../${options}`)).readOptions(args);
  await setUp(...tools);
  const { runTypeScript } = await import('./typescript.mjs');
  for (const entry of entries) runTypeScript(entry, args);
});
