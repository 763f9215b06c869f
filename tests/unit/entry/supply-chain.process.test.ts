/** Packages in the functions, their licences and exact versions. */
import { readFileSync } from 'node:fs';
import { buildSync } from 'esbuild';
import { FUNCTION_KEYS, type FunctionKey } from '../../../contracts/functions';
import { buildProperties } from '../../../template-src/functions/build-properties';

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

/** The packages in a function's bundle, built as the template has SAM build it. */
function packagesIn(key: FunctionKey): string[] {
  const built = buildProperties(key);
  const { metafile } = buildSync({
    entryPoints: built.EntryPoints.map((entry) => `src/${entry}`),
    bundle: true,
    platform: 'node',
    external: built.External,
    format: 'esm',
    mainFields: built.MainFields.split(','),
    minify: built.Minify,
    target: built.Target,
    metafile: true,
    write: false,
    logLevel: 'error',
  });
  return Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([file, { bytesInOutput }]) => file.includes('node_modules/') && bytesInOutput > 0)
    .map(([file]) => /^(?:@[^/]+\/)?[^/]+/.exec(nameOf(file))?.[0] ?? file);
}

describe('the bundles', () => {
  const bundled = [...new Set(FUNCTION_KEYS.flatMap(packagesIn))];

  it('have only production packages', () => {
    const allowed = new Set(production.map(([path]) => nameOf(path)));
    expect(bundled.filter((name) => !allowed.has(name))).toEqual([]);
  });

  it('have the packages that docs/security.md lists, by their scope if they have one', () => {
    const [, section = ''] = readFileSync('docs/security.md', 'utf8').split('| packages in the functions |');
    const [table = ''] = section.split('\n\n');
    const documented = [...table.matchAll(/`([^`]+)`/g)].map(([, name]) => name);

    expect(documented.sort()).toEqual([...new Set(bundled.map((name) => name.replace(/\/.*/, '')))].sort());
  });
});
