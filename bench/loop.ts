/** The developer's loop: what one waits for, process to process, in turns. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { FUNCTION_KEYS } from '../contracts/functions';
import { localEnvironment, toolPython } from '../local/environment';
import { functionIds } from '../template-src/function-ids';
import { template } from '../template-src/template';
import { median, ratio } from './statistics';
import { milliseconds, type Table, times } from './table';

const ROUNDS = 5;

interface Step {
  readonly what: string;
  readonly command: readonly [string, ...string[]];
  readonly env?: NodeJS.ProcessEnv;
  readonly samples: number[];
}

/**
 * @param folder takes what is built
 * @param tools where the baselines' packages are
 */
export function measureLoop(folder: string, tools: string): Table {
  const file = path.join(folder, 'template.json');
  writeFileSync(file, JSON.stringify(template));
  const [key] = FUNCTION_KEYS;
  const env = { ...localEnvironment('http://127.0.0.1'), TMPDIR: path.join(folder, 'sam') };
  mkdirSync(env.TMPDIR, { recursive: true });
  const node = process.execPath;
  const render = step('render of the template', [node, 'scripts/ts.mjs', 'template-src/render.ts', '--check']);
  const cdk = step('an equal CDK app', [
    node,
    path.join(tools, 'baselines/cdk-app.mjs'),
    file,
    path.join(folder, 'cdk'),
  ]);
  const build = step(
    `\`sam build\` of one function`,
    [
      toolPython('SAM_PYTHON'),
      '-m',
      'samcli',
      'build',
      functionIds(key).function,
      '--build-dir',
      path.join(folder, 'one'),
    ],
    env,
  );
  const sam = step(
    'of it, `sam --version`: starting SAM',
    [toolPython('SAM_PYTHON'), '-m', 'samcli', '--version'],
    env,
  );
  const esbuild = step('of it, esbuild', [
    ...(['node_modules/.bin/esbuild', `src/handlers/${key}.ts`, '--bundle', '--minify', '--platform=node'] as const),
    ...[
      '--main-fields=module,main',
      '--target=node24',
      '--log-level=error',
      `--outfile=${path.join(folder, 'one.js')}`,
    ],
  ]);
  const steps = [render, cdk, build, sam, esbuild];
  for (let round = 0; round < ROUNDS; round += 1) for (const each of steps) run(each);
  return {
    head: ['', 'ms', 'to the CDK app'],
    rows: steps.map((each) => [
      each.what,
      milliseconds(each.samples),
      each === render
        ? `${times(ratio(render.samples, cdk.samples))}, 1/${Math.floor(median(cdk.samples) / median(render.samples))}`
        : '',
    ]),
  };
}

const step = (what: string, command: Step['command'], env?: NodeJS.ProcessEnv): Step => ({
  what,
  command,
  samples: [],
  ...(env && { env }),
});

function run({ what, command: [command, ...args], env, samples }: Step): void {
  const begin = performance.now();
  const { status } = spawnSync(command, args, { env: env ?? process.env, stdio: 'ignore' });
  if (status !== 0) throw new Error(`${what} ended with ${status}: run ${[command, ...args].join(' ')}`);
  samples.push(performance.now() - begin);
}
