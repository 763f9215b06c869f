/** A fresh clone in environments that usually break tools: set-up, `npm start` and `npx logistics` work. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../../support/after-tests';
import { clone, homeWith, pathWith, run } from './clone';

jest.setTimeout(900_000);

const folder = temporaryFolder('environments');

const HELP = ['npx', '--no-install', 'logistics', '--help'];

describe('a clone with core.autocrlf, in a folder whose name is a pattern, with an old Node and hostile settings of npm, pip and Python', () => {
  const parent = path.join(folder, 'a[b]*{c}');
  const cwd = path.join(parent, 'clone');
  let env: NodeJS.ProcessEnv;

  beforeAll(() => {
    clone(cwd, '--config', 'core.autocrlf=true');
    const botocore = path.join(folder, 'python/botocore');
    mkdirSync(botocore, { recursive: true });
    writeFileSync(path.join(botocore, '__init__.py'), 'raise ImportError("another botocore")\n');
    env = {
      ...homeWith(
        path.join(folder, 'home'),
        'omit[]=dev\nignore-scripts=true\nbin-links=false',
        '[install]\nuser = true\ntarget = elsewhere',
      ),
      PATH: pathWith(path.join(folder, 'node-18'), '18.20.8', '10.8.2'),
      NODE_ENV: 'production',
      npm_config_omit: 'dev',
      npm_config_package_lock: 'false',
      PIP_USER: '1',
      PIP_TARGET: path.join(folder, 'elsewhere'),
      PIP_NO_BINARY: ':all:',
      PYTHONPATH: path.join(folder, 'python'),
      PYTHONHOME: folder,
    };
  });

  it.each([
    [['npm', 'start', '--', '--once'], 'all as expected'],
    [['npm', 'run', 'check'], 'ok     types'],
    [['npm', 'run', 'test:unit', '--', '--listTests'], 'tests/unit/domain/version.test.ts'],
    [HELP, 'Usage: logistics'],
  ])('runs %j', (command, expected) => {
    const output = run(command, { cwd, env });

    expect(output).toContain(expected);
    // The AWS SDK warns when a later version will need a newer Node.
    expect(output).not.toMatch(/Warning|no longer support/);
  });

  it('runs npx logistics for another user, who may not write there', () => {
    const isRoot = process.getuid?.() === 0;
    for (const open of [folder, parent, cwd]) chmodSync(open, 0o755);
    if (!isRoot) run(['chmod', '-R', 'a-w', cwd]);
    const env = { HOME: '/nonexistent', npm_config_cache: path.join(folder, 'nowhere') };

    expect(run(HELP, { cwd, env, ...(isRoot && { uid: 65_534 }) })).toContain('Usage: logistics');

    if (!isRoot) run(['chmod', '-R', 'u+w', cwd]);
  });
});

it('passes the unit tests on Node 26', () => {
  const env = { PATH: pathWith(path.join(folder, 'node-26'), '26.12.1') };

  expect(() => run(['npm', 'run', 'test:unit'], { env })).not.toThrow();
});
