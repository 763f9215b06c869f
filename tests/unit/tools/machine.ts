import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A Python that set-up accepts: answers its probe, and creates a virtual environment. */
export const SUITABLE_PYTHON = `#!/bin/sh
if [ "$1" = -c ]; then echo "3 11 1 $0"; exit; fi
mkdir -p "$3/bin"
printf '#!/bin/sh\\n' > "$3/bin/python"
chmod +x "$3/bin/python"
`;

/** The same with a pip that runs this command. */
export const pythonWithPip = (command: string) => SUITABLE_PYTHON.replace("sh\\n'", `sh\\n${command}\\n'`);

/** Node options that change the version in `process.versions`. */
const asNode = (version: string) =>
  `--import=data:text/javascript,Object.defineProperty(process,%22versions%22,{value:{...process.versions,node:%22${version}%22}})`;

/** An npm that installs only a Node, and records the whole lockfile as installed. */
export const WORKING_NPM = `#!/bin/sh
mkdir -p node_modules/node-any/bin
echo '#!/bin/sh' > node_modules/node-any/bin/node
echo 'NODE_OPTIONS="${asNode('24.0.0')}" exec "${process.execPath}" "$@"' >> node_modules/node-any/bin/node
chmod +x node_modules/node-any/bin/node
cp package-lock.json node_modules/.package-lock.json
`;

export const aJava = (module: string) => `#!/bin/sh\necho ${module}\n`;

/** Runs set-up and records the environment that it leaves. */
const SET_UP = `import { writeFileSync } from 'node:fs';
import { runMain } from './lib/user-error.mjs';
import { setUp } from './tools/setup.mjs';
await runMain(() => setUp('sam', 'emulator'));
writeFileSync(process.env.HOME + '/environment-after', JSON.stringify(process.env));
`;

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** A machine with a fresh clone, whose PATH has only Node, four utilities and a test's own commands. */
export class Machine {
  readonly home = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'logistics-machine-')));
  readonly clone = path.join(this.home, 'clone');
  private readonly bin = path.join(this.home, 'bin');

  constructor() {
    mkdirSync(this.bin);
    symlinkSync(process.execPath, path.join(this.bin, 'node'));
    for (const utility of ['mkdir', 'cp', 'chmod', 'sleep'])
      symlinkSync(`/bin/${utility}`, path.join(this.bin, utility));
    for (const entry of ['tools', 'lib', 'demo', 'bench', 'package.json', 'package-lock.json']) {
      cpSync(entry, path.join(this.clone, entry), { recursive: true });
    }
    writeFileSync(path.join(this.clone, 'set-up.mjs'), SET_UP);
    this.install('npm', WORKING_NPM);
    this.install('python3', SUITABLE_PYTHON);
    this.install('java', aJava('jdk.compiler@17.0.15'));
    this.install('mvn', '#!/bin/sh\n');
  }

  install(command: string, script: string): void {
    const file = path.join(this.bin, command);
    rmSync(file, { force: true });
    writeFileSync(file, script);
    chmodSync(file, 0o755);
  }

  uninstall(command: string): void {
    rmSync(path.join(this.bin, command));
  }

  setUp(env: NodeJS.ProcessEnv = {}, nodeVersion?: string): { child: ChildProcess; ended: Promise<Ended> } {
    return this.node(['set-up.mjs'], env, nodeVersion);
  }

  /** Starts Node in the clone with these arguments, pretending to be this version. */
  node(
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
    nodeVersion = '24.0.0',
  ): { child: ChildProcess; ended: Promise<Ended> } {
    const child = spawn(process.execPath, args, {
      cwd: this.clone,
      env: { HOME: this.home, PYENV_ROOT: this.home, PATH: this.bin, NODE_OPTIONS: asNode(nodeVersion), ...env },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    const ended = new Promise<Ended>((resolve) =>
      child.once('close', (code) => resolve({ code, output: output.trim() })),
    );
    return { child, ended };
  }

  environmentAfter(): NodeJS.ProcessEnv {
    return JSON.parse(readFileSync(path.join(this.home, 'environment-after'), 'utf8'));
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}
