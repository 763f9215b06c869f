import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

interface Job {
  readonly needs?: string;
  readonly uses?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
  readonly steps?: readonly { readonly uses?: string; readonly run?: string }[];
}

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = '.github/workflows';
const files = readdirSync(FOLDER);
const text = (file: string) => readFileSync(`${FOLDER}/${file}`, 'utf8');
const workflow = (file: string): Workflow => parse(text(file));

describe.each(files)('the workflow %s', (file) => {
  it('pins each action that is not ours to a commit, with its version beside it', () => {
    const used = [...text(file).matchAll(/uses: (.+)/g)].map(([, action = '']) => action);

    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((action) => !/^\.\/|^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual([]);
  });

  it('has no key, and may read only, unless a job says that it asks for a role', () => {
    expect(workflow(file).permissions).toEqual({ contents: 'read' });
    for (const { permissions } of Object.values(workflow(file).jobs)) {
      if (permissions) expect(permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    }
    expect(text(file)).not.toMatch(/secrets\.|access-key/);
  });
});

describe('a deployment', () => {
  it('checks, then goes to staging, then to prod', () => {
    const { check, staging, prod } = workflow('deploy.yml').jobs;

    expect(check?.uses).toBe('./.github/workflows/ci.yml');
    expect(staging).toMatchObject({ needs: 'check', with: { environment: 'staging' } });
    expect(prod).toMatchObject({ needs: 'staging', with: { environment: 'prod' } });
  });

  it('ends with the smoke test, and is the one that docs/deploy.md tells by hand', () => {
    const steps = workflow('deploy-to.yml').jobs['deploy']?.steps ?? [];
    const typed = readFileSync('docs/deploy.md', 'utf8');

    const commands = steps
      .flatMap(({ run }) => (run && !run.startsWith('python') ? [run] : []))
      .map((run) => run.replace('"$ENVIRONMENT"', 'staging').replace(' --no-confirm-changeset', ''));

    expect(commands.at(-1)).toBe('npx --no-install logistics smoke --env staging');
    for (const command of commands) expect(typed).toContain(`\n${command}\n`);
  });
});
