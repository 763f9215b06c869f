/** The developer's loop: what one waits for, process to process, in turns. On the Node that runs this, as a developer's own does. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { toolPython } from '../lib/tools.mjs';
import { localEnvironment } from '../local/environment';
import { functionIds } from '../template-src/logical-ids';
import { template } from '../template-src/template';
import { MEASURED } from './events';
import { median, ratio } from './statistics';
import { milliseconds, type Table, times } from './table';

/** Rounds of the loop, which takes long, whatever the others have. */
export const LOOP_ROUNDS = 5;

interface Step {
  readonly what: string;
  readonly command: readonly [string, ...string[]];
  readonly env?: NodeJS.ProcessEnv;
  /** Lines that it prints when a part of it begins, with the name of the part. */
  readonly parts?: Readonly<Record<string, string>>;
}

const RENDER = 'what `npm run generate` renders';
const SYNTH = '`cdk synth` of an equal app';

/**
 * @param folder takes what is built
 * @param tools where the baselines' packages are
 */
export async function measureLoop(folder: string, tools: string): Promise<Table> {
  const file = path.join(folder, 'template.json');
  writeFileSync(file, JSON.stringify(template));
  // Milliseconds of each run.
  const samples = new Map<string, number[]>();
  const steps = stepsOf(folder, tools, file);
  for (let round = 0; round < LOOP_ROUNDS; round += 1)
    for (const step of steps)
      for (const [what, took] of await run(step)) samples.set(what, [...(samples.get(what) ?? []), took]);
  const [render = [], synth = []] = [RENDER, SYNTH].map((what) => samples.get(what));
  const toSynth = `${times(ratio(render, synth), 3)}, 1/${Math.floor(median(synth) / median(render))}`;
  return {
    head: ['', 'ms', 'to `cdk synth`'],
    rows: [...samples].map(([what, each]) => [what, milliseconds(each), what === RENDER ? toSynth : '']),
  };
}

function stepsOf(folder: string, tools: string, file: string): readonly Step[] {
  const node = process.execPath;
  const [key] = MEASURED;
  const app = [path.join(tools, 'baselines/cdk-app.mjs'), file];
  const cdk = path.join(tools, 'node_modules/aws-cdk/bin/cdk');
  const env = { ...localEnvironment('http://127.0.0.1'), TMPDIR: path.join(folder, 'sam') };
  mkdirSync(env.TMPDIR, { recursive: true });
  const sam = [toolPython('sam'), '-m', 'samcli'] as const;
  return [
    { what: RENDER, command: [node, 'tools/typescript.mjs', 'tools/generate/all.ts', '--check'] },
    {
      what: SYNTH,
      // Without what it would ask of the network.
      command: [
        node,
        ...[cdk, 'synth', '--quiet', '--no-notices'],
        ...['--output', path.join(folder, 'synth'), '--app', [node, ...app].join(' ')],
      ],
      env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: 'true' },
    },
    { what: 'of it, the app alone', command: [node, ...app, path.join(folder, 'cdk')] },
    {
      what: '`sam build` of one function',
      command: [...sam, 'build', functionIds(key).function, '--build-dir', path.join(folder, 'one')],
      env,
    },
    { what: 'of it, `sam --version`: starting SAM', command: [...sam, '--version'], env },
    {
      what: 'of it, esbuild',
      command: [
        'node_modules/.bin/esbuild',
        `src/entry/${key}.ts`,
        ...['--bundle', '--minify', '--platform=node', '--main-fields=module,main', '--target=node24', '--format=esm'],
        ...['--log-level=error', `--outfile=${path.join(folder, 'one.mjs')}`],
      ],
    },
    { what: '`npm run check`', command: ['npm', 'run', '--silent', 'check'] },
    { what: '`npm run test:unit`', command: ['npm', 'run', '--silent', 'test:unit'] },
    {
      what: '`npm start -- --once`',
      command: ['npm', '--silent', 'start', '--', '--once'],
      parts: {
        'starting the embedded AWS': 'of it, until the embedded AWS answers',
        'building and deploying': 'of it, `sam build` and `sam deploy`',
        'putting the sample events': 'of it, the samples, the rejected ones with their two pauses',
      },
    },
  ];
}

/** Runs a step; answers how long it took, and each part of it. */
async function run({ what, command: [command, ...args], env = process.env, parts = {} }: Step) {
  const begin = performance.now();
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(child, 'close');
  const began: { readonly part: string; readonly at: number }[] = [];
  for await (const printed of createInterface(child.stdout)) {
    const line = Object.keys(parts).find((start) => printed.startsWith(start));
    if (line) began.push({ part: parts[line] ?? '', at: performance.now() });
  }
  const [status] = await ended;
  const end = performance.now();
  if (status !== 0 || began.length < Object.keys(parts).length)
    throw new Error(`${what} ended with ${status}: run ${[command, ...args].join(' ')}`);
  const took = began.map(({ part, at }, index): [string, number] => [part, (began[index + 1]?.at ?? end) - at]);
  return [[what, end - begin] as const, ...took];
}
