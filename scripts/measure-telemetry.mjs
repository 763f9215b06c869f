/**
 * `node scripts/measure-telemetry.mjs [--node <path>] [--runs N]`: what logs and metrics cost the status updater, in bytes of its bundle
 * and in milliseconds to load it, with Powertools, with a writer of our own, and with none. Fresh processes, in turns; the medians are
 * those of docs/decisions/0004-telemetry.md.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { parse } from 'yaml';

const { values } = parseArgs({
  options: { node: { type: 'string', default: process.execPath }, runs: { type: 'string', default: '30' } },
});
const FUNCTION = 'StatusUpdater';

/** The least that would do: one line of JSON for a log, one in the embedded metric format. */
const OWN_WRITER = `
const write = (line) => process.stdout.write(JSON.stringify(line) + '\\n');
export function telemetry(service, environment) {
  let keys = {};
  let counts = {};
  const log = (level, message, fields) =>
    write({ level, message, timestamp: new Date().toISOString(), service, environment, ...keys, ...fields });
  return {
    begin({ awsRequestId }, { shipment_id, event_id }) {
      counts = {};
      const [, root] = /Root=([^;]+)/.exec(process.env._X_AMZN_TRACE_ID ?? '') ?? [];
      keys = { function_request_id: awsRequestId, xray_trace_id: root, shipment_id, event_id };
    },
    count: (metric) => void (counts[metric] = (counts[metric] ?? 0) + 1),
    info: (message, fields) => log('INFO', message, fields),
    warn: (message, fields) => log('WARN', message, fields),
    error: (message, error) => log('ERROR', message, { error: { name: error.name, message: error.message, stack: error.stack } }),
    end(age) {
      const all = age === undefined ? counts : { ...counts, age };
      const Metrics = Object.keys(all).map((Name) => ({ Name, Unit: Name === 'age' ? 'Milliseconds' : 'Count' }));
      const CloudWatchMetrics = [{ Namespace: 'n', Dimensions: [['environment', 'service']], Metrics }];
      write({ _aws: { Timestamp: Date.now(), CloudWatchMetrics }, environment, service, ...all });
    },
  };
}`;

const NONE = `export const telemetry = () => ({ begin() {}, count() {}, info() {}, warn() {}, error() {}, end() {} });`;

const VARIANTS = { powertools: undefined, 'own writer': OWN_WRITER, none: NONE };

/** The template's own build properties, so that the bundle is the one that is deployed. */
function buildProperties() {
  const template = parse(readFileSync('template.yaml', 'utf8'), { logLevel: 'silent' });
  const { EntryPoints, External, Format, MainFields, Minify, Target } =
    template.Resources[FUNCTION].Metadata.BuildProperties;
  return {
    entryPoints: EntryPoints.map((entry) => path.join('src', entry)),
    external: External,
    format: Format,
    mainFields: MainFields.split(','),
    minify: Minify,
    target: Target,
  };
}

const replaced = (contents) => ({
  name: 'telemetry',
  setup: ({ onLoad }) => onLoad({ filter: /src\/runtime\/telemetry\.ts$/ }, () => ({ contents, loader: 'js' })),
});

/** Loads a bundle as Lambda does and prints the milliseconds it took. */
const LOAD =
  'const t = performance.now(); require(process.argv[1]); console.log(performance.now() - t); process.exit()';

const ENV = Object.fromEntries(
  [
    'ENVIRONMENT',
    'SHIPMENT_EVENTS_TABLE',
    'SHIPMENTS_TABLE',
    'ERROR_EVENTS_TABLE',
    'PROCESSING_TOPIC_ARN',
    'EVENT_BUS_NAME',
  ]
    .map((name) => [name, 'x'])
    .concat([
      ['MAX_ATTEMPTS', '3'],
      ['AWS_REGION', 'us-east-1'],
    ]),
);

const folder = mkdtempSync(path.join(os.tmpdir(), 'logistics-telemetry-'));
try {
  const found = {};
  for (const [name, contents] of Object.entries(VARIANTS)) {
    const outfile = path.join(folder, `${name.replace(' ', '-')}.js`);
    const plugins = contents ? [replaced(contents)] : [];
    await build({ ...buildProperties(), outfile, bundle: true, platform: 'node', logLevel: 'error', plugins });
    found[name] = { outfile, times: [] };
  }
  for (let run = 0; run < Number(values.runs); run++) {
    for (const { outfile, times } of Object.values(found)) {
      times.push(Number(execFileSync(values.node, ['-e', LOAD, outfile], { env: ENV, encoding: 'utf8' })));
    }
  }
  console.log(`${execFileSync(values.node, ['--version'], { encoding: 'utf8' }).trim()}, ${values.runs} runs each`);
  for (const [name, { outfile, times }] of Object.entries(found)) {
    times.sort((a, b) => a - b);
    const at = (share) => times[Math.floor((times.length - 1) * share)].toFixed(1);
    console.log(
      `${name.padEnd(10)}  ${statSync(outfile).size} bytes  load: median ${at(0.5)} ms, p10 ${at(0.1)}, p90 ${at(0.9)}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
