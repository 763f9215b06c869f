import { parse, type TomlTable } from 'smol-toml';
import { parameters } from '../../../template-src/parameters';
import { samconfigToml } from '../../../template-src/samconfig';

const samconfig = parse(samconfigToml);

/** A command's settings in one section. */
function settings(environment: string, command: string): TomlTable {
  const section = samconfig[environment] as TomlTable | undefined;
  const { parameters: found } = (section?.[command] ?? {}) as { parameters?: TomlTable };
  if (!found) throw new Error(`samconfig.toml has no [${environment}.${command}.parameters]`);
  return found;
}

/** As SAM reads them: pairs between spaces. */
const overridesOf = (environment: string, command: string) =>
  String(settings(environment, command)['parameter_overrides'])
    .split(' ')
    .map((pair) => pair.split('=') as [string, string]);

const NAMED = ['dev', 'staging', 'prod'];
const ENVIRONMENTS = ['default', ...NAMED];

/** Addresses and other accounts' ids are not committed: a deployment that leaves them out keeps them, and the boundary of GitHub's. */
const GIVEN_ONCE = ['AlertEmail', 'ProducerAccountIds', 'ErrorProducerAccountIds', 'PermissionsBoundary'];

interface Restrictions {
  readonly Type: string;
  readonly AllowedValues?: readonly (string | number)[];
  readonly AllowedPattern?: string;
  readonly MinValue?: number;
}

function isAllowed(name: string, value: string): boolean {
  const { Type, AllowedValues, AllowedPattern, MinValue }: Restrictions = parameters[name as keyof typeof parameters];
  return (
    (AllowedValues === undefined || AllowedValues.map(String).includes(value)) &&
    (AllowedPattern === undefined || new RegExp(AllowedPattern).test(value)) &&
    (Type !== 'Number' || Number(value) >= (MinValue ?? 0))
  );
}

describe.each(ENVIRONMENTS)('samconfig.toml’s %s', (environment) => {
  it('gives each parameter of the template an allowed value, but those that are given once', () => {
    const overrides = overridesOf(environment, 'deploy');

    const expected = Object.keys(parameters).filter((name) => !GIVEN_ONCE.includes(name));
    expect(overrides.map(([name]) => name).sort()).toEqual(expected.sort());
    expect(overrides.filter(([name, value]) => !isAllowed(name, value))).toEqual([]);
  });

  it('deploys and syncs the same', () => {
    const { confirm_changeset, fail_on_empty_changeset, ...deploy } = settings(environment, 'deploy');
    const { watch, ...sync } = settings(environment, 'sync');

    expect(sync).toEqual(deploy);
  });

  it('asks nothing but, for prod, whether to go on', () => {
    const deploy = settings(environment, 'deploy');

    expect(deploy).toMatchObject({
      stack_name: expect.stringMatching(/^logistics-event-processor-/),
      capabilities: 'CAPABILITY_IAM',
      resolve_s3: true,
      confirm_changeset: environment === 'prod',
      fail_on_empty_changeset: false,
    });
    expect(deploy).not.toHaveProperty('guided');
  });

  it('runs functions of this machine’s processor locally', () => {
    for (const command of ['local_invoke', 'local_start_lambda']) {
      expect(overridesOf(environment, command)).toEqual([['Architecture', 'x86_64']]);
    }
  });
});

describe('samconfig.toml’s environments', () => {
  it.each(NAMED)('%s is a stack of its own, named after its suffix', (environment) => {
    const suffix = new Map(overridesOf(environment, 'deploy')).get('EnvironmentSuffix');
    const { stack_name, s3_prefix } = settings(environment, 'deploy');

    expect(suffix).toBe(environment);
    expect([stack_name, s3_prefix]).toEqual(Array(2).fill(`logistics-event-processor-${environment}`));
  });

  it('only prod’s tables are protected: elsewhere one may start over', () => {
    const protects = NAMED.filter(
      (environment) => new Map(overridesOf(environment, 'deploy')).get('TableDeletionProtection') === 'true',
    );

    expect(protects).toEqual(['prod']);
  });

  it('staging has a key of its own for data as prod has, so that what its policy lacks shows there first', () => {
    const encrypts = NAMED.filter(
      (environment) => new Map(overridesOf(environment, 'deploy')).get('EncryptWithOwnKey') === 'true',
    );

    expect(encrypts).toEqual(['staging', 'prod']);
  });

  it.each(['staging', 'prod'])(
    'a deployment by GitHub of %s is the same under the boundary of its deploy role',
    (environment) => {
      const { parameter_overrides, confirm_changeset, resolve_s3, ...byHand } = settings(environment, 'deploy');
      const { parameter_overrides: byGitHub, ...rest } = settings(`github-${environment}`, 'deploy');

      expect(byGitHub).toBe(`${parameter_overrides} PermissionsBoundary=logistics-boundary-${environment}`);
      expect(isAllowed('PermissionsBoundary', `logistics-boundary-${environment}`)).toBe(true);
      // No prompt can be answered, and the bucket is the role's own.
      expect(rest).toEqual({ ...byHand, confirm_changeset: false });
    },
  );

  it('default is dev', () => {
    expect(samconfig['default']).toEqual(samconfig['dev']);
  });
});
