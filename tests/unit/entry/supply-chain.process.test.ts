/** Packages in the functions, their licences and exact versions. */
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

/** Without this project itself, and the link that gives it its command. */
const locked = Object.entries(lock.packages).filter(([path, { link }]) => path.startsWith('node_modules/') && !link);

/** Packages that may get into a function: the dependencies and theirs, without optional and peer dependencies. */
const production = locked.filter(
  ([, { dev, devOptional, optional, peer }]) => !(dev || devOptional || optional || peer),
);

const nameOf = (path: string) => path.replace(/.*node_modules\//, '');

/** Licences under which this project may redistribute a package. */
const COMPATIBLE = ['MIT', 'MIT-0', 'Apache-2.0', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC'];

describe('the lockfile', () => {
  it('and package.json have exact versions', () => {
    const ranges = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies } as Record<string, string>);
    // `npm:…@` precedes a second version of a package.
    expect(ranges.filter(([, version]) => !/^(npm:[a-z]+@)?\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    expect(locked.filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? '')).map(([path]) => path)).toEqual([]);
  });

  it('has no production package with an install script', () => {
    expect(production.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)).toEqual([]);
  });

  it('has only production packages under compatible licences', () => {
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

/** Packages that docs/security.md lists together. */
const MAKERS: readonly (readonly [maker: string, names: RegExp])[] = [
  ['this project', /^ours$/],
  ['AWS SDK (@aws-sdk, @smithy, @aws-crypto, @aws)', /^@(aws-sdk|smithy|aws-crypto|aws)\//],
  ['Powertools (@aws-lambda-powertools)', /^@aws-lambda-powertools\//],
  ['valibot', /^valibot$/],
];

/** A package without a maker in the list has a row of its own. */
const makerOf = (name: string) => MAKERS.find(([, pattern]) => pattern.test(name))?.[0] ?? name;

describe('the bundles', () => {
  const bundles = FUNCTION_KEYS.map(kilobytesByPackage);
  const bundled = [...new Set(bundles.flatMap((bundle) => [...bundle.keys()]))];

  it('have only this project and its production packages', () => {
    const allowed = new Set(['ours', ...production.map(([path]) => nameOf(path))]);
    expect(bundled.filter((name) => !allowed.has(name))).toEqual([]);
  });

  it('match the sizes in docs/security.md within a tenth', () => {
    const [, section = ''] = readFileSync('docs/security.md', 'utf8').split('| KB at most in a bundle |');
    const documented = new Map(
      [...section.matchAll(/^\| (.+?) \| (\d+) \|$/gm)].map(([, maker = '', size]) => [maker, Number(size)]),
    );
    const makers = [...new Set([...MAKERS.map(([maker]) => maker), ...bundled.map(makerOf)])];
    const sizeIn = (bundle: ReadonlyMap<string, number>, maker: string) =>
      [...bundle].reduce((sum, [name, size]) => (makerOf(name) === maker ? sum + size : sum), 0);
    const measured = makers.map(
      (maker) => [maker, Math.max(...bundles.map((bundle) => sizeIn(bundle, maker)))] as const,
    );

    const outdated = measured.filter(
      ([maker, size]) => !(Math.abs(size - (documented.get(maker) ?? Number.NaN)) <= size / 10 + 1),
    );
    expect(outdated.map(([maker, size]) => `| ${maker} | ${size.toFixed(0)} |`)).toEqual([]);
    expect([...documented.keys()].sort()).toEqual([...makers].sort());
  });
});
