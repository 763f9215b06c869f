import { buildSync } from 'esbuild';
import { FUNCTION_KEYS, type FunctionKey } from '../../../contracts/functions';
import { functionIds } from '../../../template-src/logical-ids';
import { resources } from '../../support/rendered';

interface BuildProperties {
  readonly EntryPoints: string[];
  readonly External: string[];
  readonly Format: 'esm';
  readonly MainFields: string;
  readonly Minify: boolean;
  readonly Target: string;
}

/** Bytes of each package in a function's bundle, built as the template has SAM build it; this project's own are under `ours`. */
export function bytesByPackage(key: FunctionKey): ReadonlyMap<string, number> {
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
  const bytes = new Map<string, number>();
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const name = packageOf(file);
      if (bytesInOutput > 0) bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput);
    }
  }
  return bytes;
}

const packageOf = (file: string) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? 'ours';

/** Packages of one maker that come together. */
const MAKERS: readonly (readonly [maker: string, names: RegExp])[] = [
  ['this project', /^ours$/],
  ['AWS SDK (@aws-sdk, @smithy, @aws-crypto, @aws)', /^@(aws-sdk|smithy|aws-crypto|aws)\//],
  ['Powertools (@aws-lambda-powertools)', /^@aws-lambda-powertools\//],
  ['valibot', /^valibot$/],
];

/** Kilobytes by maker in the bundle that has most of it. What no maker claims has a row of its own. */
export function kilobytesByMaker(): ReadonlyMap<string, number> {
  const bundles = FUNCTION_KEYS.map(bytesByPackage);
  const names = new Set(bundles.flatMap((bundle) => [...bundle.keys()]));
  const makerOf = (name: string) => MAKERS.find(([, pattern]) => pattern.test(name))?.[0] ?? name;
  const makers = [...new Set([...MAKERS.map(([maker]) => maker), ...[...names].sort().map(makerOf)])];
  const sizeOf = (maker: string) => (bundle: ReadonlyMap<string, number>) =>
    [...bundle].reduce((sum, [name, bytes]) => sum + (makerOf(name) === maker ? bytes : 0), 0) / 1_000;
  return new Map(makers.map((maker) => [maker, Math.max(...bundles.map(sizeOf(maker)))]));
}
