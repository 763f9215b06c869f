import { parse, type TomlTable } from 'smol-toml';
import { parameters } from '../../../template-src/parameters';
import { samconfigToml } from '../../../template-src/samconfig';

const samconfig = parse(samconfigToml);

/** The settings of `sam deploy` in one section. */
const settings = (environment: string) =>
  ((samconfig[environment] as TomlTable)['deploy'] as TomlTable)['parameters'] as TomlTable;

const overridesOf = (environment: string) =>
  String(settings(environment)['parameter_overrides'])
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

it.each(ENVIRONMENTS)('samconfig.toml’s %s gives each parameter an allowed value', (environment) => {
  expect(overridesOf(environment).filter((override) => !isAllowed(override))).toEqual([]);
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
