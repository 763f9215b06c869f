/** Packages in the functions, their licences, and how exactly they are pinned. */
import { readFileSync } from 'node:fs';
import { buildSync } from 'esbuild';
import { FUNCTION_KEYS, type FunctionKey } from '../../../contracts/functions';
import { functionIds } from '../../../template-src/logical-ids';
import { resources } from '../../support/rendered';

interface Locked {
  readonly version: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
  readonly peer?: boolean;
  readonly hasInstallScript?: boolean;
  readonly link?: boolean;
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const lock: { packages: Readonly<Record<string, Locked>> } = JSON.parse(readFileSync('package-lock.json', 'utf8'));

/** Of others: not this project itself, nor the folder that gives it its command. */
const locked = Object.entries(lock.packages).filter(([path, { link }]) => path.startsWith('node_modules/') && !link);

/** Packages that may get into a function: the dependencies, and theirs; not those for a tool that one of them works with. */
const production = locked.filter(
  ([, { dev, devOptional, optional, peer }]) => !(dev || devOptional || optional || peer),
);

const nameOf = (path: string) => path.replace(/.*node_modules\//, '');

/** Licences under which this project may pass a package on. */
const COMPATIBLE = ['MIT', 'MIT-0', 'Apache-2.0', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC'];

describe('the lockfile', () => {
  it('is exact, and so is package.json', () => {
    const ranges = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies } as Record<string, string>);
    // `npm:…@` stands before a second version of a package.
    expect(ranges.filter(([, version]) => !/^(npm:[a-z]+@)?\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    expect(locked.filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? '')).map(([path]) => path)).toEqual([]);
  });

  it('has no production package that must run a script to be installed', () => {
    expect(production.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)).toEqual([]);
  });

  it('has production packages under compatible licences only', () => {
    const licences = production.map(
      ([path]) => [nameOf(path), JSON.parse(readFileSync(`${path}/package.json`, 'utf8')).license] as const,
    );
    expect(licences.length).toBeGreaterThan(10);
    expect(licences.filter(([, licence]) => !COMPATIBLE.includes(licence))).toEqual([]);
  });
});

interface BuildProperties {
  readonly EntryPoints: string[];
  readonly External: string[];
  readonly Format: 'esm';
  readonly MainFields: string;
  readonly Minify: boolean;
  readonly Target: string;
}

/** Kilobytes of each package in a function's bundle, built as the template has SAM build it; this project's own are `ours`. */
function kilobytesByPackage(key: FunctionKey): ReadonlyMap<string, number> {
  const built: BuildProperties = resources[functionIds(key).function]?.Metadata?.['BuildProperties'];
  const { metafile } = buildSync({
    entryPoints: built.EntryPoints.map((entry) => `src/${entry}`),
    bundle: true,
    platform: 'node',
    external: built.External,
    format: built.Format,
    mainFields: built.MainFields.split(','),
    minify: built.Minify,
    target: built.Target,
    metafile: true,
    write: false,
    logLevel: 'error',
  });
  const sizes = new Map<string, number>();
  for (const [file, { bytesInOutput }] of Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs),
  )) {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? 'ours';
    if (bytesInOutput > 0) sizes.set(name, (sizes.get(name) ?? 0) + bytesInOutput / 1_000);
  }
  return sizes;
}

/** Packages of one maker that come together. */
const MAKERS: readonly (readonly [maker: string, names: RegExp])[] = [
  ['this project', /^ours$/],
  ['AWS SDK (@aws-sdk, @smithy, @aws-crypto, @aws)', /^@(aws-sdk|smithy|aws-crypto|aws)\//],
  ['Powertools (@aws-lambda-powertools)', /^@aws-lambda-powertools\//],
  ['valibot', /^valibot$/],
];

/** What no maker claims has a row of its own. */
const makerOf = (name: string) => MAKERS.find(([, pattern]) => pattern.test(name))?.[0] ?? name;

describe('the bundles', () => {
  const bundles = FUNCTION_KEYS.map(kilobytesByPackage);
  const held = [...new Set(bundles.flatMap((bundle) => [...bundle.keys()]))];

  it('hold nothing but this project and its production packages', () => {
    const allowed = new Set(['ours', ...production.map(([path]) => nameOf(path))]);
    expect(held.filter((name) => !allowed.has(name))).toEqual([]);
  });

  it('have the sizes that docs/security.md says of the largest, within a tenth', () => {
    const [, section = ''] = readFileSync('docs/security.md', 'utf8').split('| KB at most in a bundle |');
    const said = new Map(
      [...section.matchAll(/^\| (.+?) \| (\d+) \|$/gm)].map(([, maker = '', size]) => [maker, Number(size)]),
    );
    const makers = [...new Set([...MAKERS.map(([maker]) => maker), ...held.map(makerOf)])];
    const sizeIn = (bundle: ReadonlyMap<string, number>, maker: string) =>
      [...bundle].reduce((sum, [name, size]) => (makerOf(name) === maker ? sum + size : sum), 0);
    const measured = makers.map((maker) => [maker, Math.max(...bundles.map((each) => sizeIn(each, maker)))] as const);

    const wrong = measured.filter(
      ([maker, size]) => !(Math.abs(size - (said.get(maker) ?? Number.NaN)) <= size / 10 + 1),
    );
    expect(wrong.map(([maker, size]) => `| ${maker} | ${size.toFixed(0)} |`)).toEqual([]);
    expect([...said.keys()].sort()).toEqual([...makers].sort());
  });
});
