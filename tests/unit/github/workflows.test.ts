import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { APPLICATION } from '../../../contracts/names';

interface Job {
  readonly needs?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
  readonly steps?: readonly { readonly uses?: string; readonly run?: string; readonly with?: object }[];
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
  it('pins each foreign action to a commit, with its version in a comment', () => {
    const used = [...text(file).matchAll(/uses: (.+)/g)].map(([, action = '']) => action);

    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((action) => !/^\.\/|^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual([]);
  });

  it('uses no secret, and only reads the repository, unless a job assumes a role', () => {
    expect(workflow(file).permissions).toEqual({ contents: 'read' });
    for (const { permissions } of Object.values(workflow(file).jobs)) {
      if (permissions) expect(permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    }
    expect(text(file)).not.toMatch(/secrets\.|access-key/);
  });
});

/** Jobs that may assume a role, as may the workflows that they call. */
const assumingJobs = files.flatMap((file) =>
  Object.entries(workflow(file).jobs).flatMap(([name, job]) => (job.permissions?.['id-token'] ? [{ name, job }] : [])),
);

/** The commands of a job's steps, in order. */
const commandsOf = ({ steps = [] }: Job) => steps.flatMap(({ run }) => (run ? [run] : []));

describe('a job that may assume a role', () => {
  it.each(assumingJobs)('$name builds nothing, runs no install script, and installs by hashes', ({ job }) => {
    if (job.uses) return expect(job.uses).toBe('./.github/workflows/deploy-to.yml');

    for (const run of commandsOf(job)) {
      expect(run).not.toMatch(/sam build|npm run/);
      if (/\bnpm\b/.test(run)) expect(run).toBe('npm ci --ignore-scripts');
      if (/\bnpx\b/.test(run)) expect(run).toMatch(/^npx --no-install /);
      if (/\bpip\b/.test(run)) expect(run).toMatch(/ --only-binary :all: --require-hashes -r tools\/requirements\//);
    }
    const cached = (job.steps ?? []).filter(
      ({ uses, with: given = {} }) => uses?.includes('/cache@') || 'cache' in given,
    );
    expect(cached).toEqual([]);
  });
});

it('conformance runs on staging only, from main, not during a deployment, and keeps its report', () => {
  const { staging } = workflow('conformance.yml').jobs;

  expect(staging).toMatchObject({
    if: "github.ref == 'refs/heads/main'",
    environment: 'staging',
    concurrency: { group: 'deploy-staging' },
  });
  const report = 'conformance.ndjson';
  expect(commandsOf(staging ?? {}).at(-1)).toBe(
    `npx --no-install logistics conformance --env staging --yes --json > ${report}`,
  );
  expect(staging?.steps?.at(-1)).toMatchObject({ if: 'always()', with: { path: report } });
});

describe('a deployment', () => {
  it('checks, builds once, and deploys to staging, then to prod, from main only', () => {
    const { check, build, staging, prod } = workflow('deploy.yml').jobs;

    expect(check?.uses).toBe('./.github/workflows/ci.yml');
    expect(build).toMatchObject({ needs: 'check' });
    expect(build?.permissions).toBeUndefined();
    const fromMain = { if: "github.ref == 'refs/heads/main'" };
    expect(staging).toMatchObject({ needs: 'build', with: { environment: 'staging' }, ...fromMain });
    expect(prod).toMatchObject({ needs: 'staging', with: { environment: 'prod' }, ...fromMain });
  });

  it('passes on the whole build, which is in a hidden folder', () => {
    const stepOf = (file: string, job: string, action: string) =>
      workflow(file).jobs[job]?.steps?.find(({ uses }) => uses?.startsWith(action))?.with;

    expect(stepOf('deploy.yml', 'build', 'actions/upload-artifact@')).toMatchObject({
      name: 'build',
      path: '.aws-sam/build',
      'include-hidden-files': true,
      'if-no-files-found': 'error',
    });
    expect(stepOf('deploy-to.yml', 'deploy', 'actions/download-artifact@')).toEqual({
      name: 'build',
      path: '.aws-sam/build',
    });
  });

  it('requires that the stack exists, because the role may not create the bus’s policy', () => {
    const commands = commandsOf(workflow('deploy-to.yml').jobs['deploy'] ?? {});
    const [checks, deploys] = ['aws cloudformation describe-stacks', 'sam deploy'].map((start) =>
      commands.findIndex((run) => run.startsWith(start)),
    );

    expect(checks).toBeGreaterThan(0);
    expect(deploys).toBe((checks ?? 0) + 1);
    expect(commands[checks ?? 0]).toContain(`--stack-name "${APPLICATION}-$ENVIRONMENT"`);
  });

  it('ends with the smoke test, and runs the commands of docs/deploy.md', () => {
    const guide = readFileSync('docs/deploy.md', 'utf8');
    const jobs = [workflow('deploy.yml').jobs['build'], workflow('deploy-to.yml').jobs['deploy']];

    const commands = jobs
      .flatMap((job) => commandsOf(job ?? {}))
      .filter((run) => !/^(python|aws) |--ignore-scripts/.test(run))
      .map((run) => run.replace(/"(github-)?\$ENVIRONMENT"/, 'staging').replace(' --s3-bucket "$ARTIFACT_BUCKET"', ''));

    expect(commands).toEqual(['npm ci', 'sam build', expect.any(String), expect.any(String)]);
    expect(commands.at(-1)).toBe('npx --no-install logistics smoke --env staging');
    for (const command of commands) expect(guide).toContain(`\n${command}\n`);
  });
});
