import { parse, type TomlTable } from 'smol-toml';
import { parameters } from '../../../template-src/parameters';
import { samconfigToml } from '../../../template-src/samconfig';

const samconfig = parse(samconfigToml);

/** A command's settings in one section. */
const settings = (environment: string, command = 'deploy') =>
  ((samconfig[environment] as TomlTable)[command] as TomlTable)['parameters'] as TomlTable;

const overridesOf = (environment: string, command?: string) =>
  String(settings(environment, command)['parameter_overrides'])
    .split(' ')
    .map((pair) => pair.split('=') as [name: keyof typeof parameters, value: string]);

const valueIn = (environment: string, name: keyof typeof parameters) => new Map(overridesOf(environment)).get(name);

const ENVIRONMENTS = ['dev', 'staging', 'prod'];

interface Restrictions {
  readonly AllowedValues?: readonly (string | number)[];
  readonly AllowedPattern?: string;
  readonly MinValue?: number;
}

function isAllowed([name, value]: readonly [keyof typeof parameters, string]): boolean {
  const { AllowedValues, AllowedPattern = '', MinValue }: Restrictions = parameters[name];
  const isOneOf = AllowedValues?.map(String).includes(value) ?? true;
  return isOneOf && new RegExp(AllowedPattern).test(value) && (MinValue === undefined || Number(value) >= MinValue);
}

describe.each(ENVIRONMENTS)('samconfig.toml’s %s', (environment) => {
  it('names its stack and its artifacts’ prefix after its suffix', () => {
    const stack = `logistics-event-processor-${environment}`;

    expect(valueIn(environment, 'EnvironmentSuffix')).toBe(environment);
    expect(settings(environment)).toMatchObject({ stack_name: stack, s3_prefix: stack });
  });

  it('gives each parameter an allowed value', () => {
    expect(overridesOf(environment).filter((override) => !isAllowed(override))).toEqual([]);
  });

  it('asks for a confirmation in prod only', () => {
    const confirms = environment === 'prod';
    expect(settings(environment)).toMatchObject({ confirm_changeset: confirms, fail_on_empty_changeset: false });
  });

  it('runs functions locally on this machine’s processor', () => {
    for (const command of ['local_invoke', 'local_start_lambda'])
      expect(overridesOf(environment, command)).toEqual([['Architecture', 'x86_64']]);
  });
});

it.each([
  ['TableDeletionProtection', ['prod']],
  ['EncryptWithOwnKey', ['staging', 'prod']],
] as const)('samconfig.toml turns %s on in %j alone', (name, expected) => {
  expect(ENVIRONMENTS.filter((environment) => valueIn(environment, name) === 'true')).toEqual(expected);
});

it.each(['staging', 'prod'])(
  'GitHub’s deployment of %s adds only the boundary, and asks for no confirmation',
  (environment) => {
    const { parameter_overrides, resolve_s3, ...byHand } = settings(environment);
    const boundary = ['PermissionsBoundary', `logistics-boundary-${environment}`] as const;

    expect(isAllowed(boundary)).toBe(true);
    expect(settings(`github-${environment}`)).toEqual({
      ...byHand,
      parameter_overrides: `${parameter_overrides} ${boundary.join('=')}`,
      confirm_changeset: false,
    });
  },
);

it('samconfig.toml’s default is dev', () => {
  expect(samconfig['default']).toEqual(samconfig['dev']);
});
