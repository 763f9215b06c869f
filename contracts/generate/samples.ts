/** Writes the contracts' samples as EventBridge delivers them: `events/<function>/<sample>.json`, ready for `sam local invoke`. */
import { createHash } from 'node:crypto';
import { FUNCTION_KEYS } from '../functions';
import { SAMPLED_CONTRACTS } from '../generated/contracts';
import { writeOrCheck } from './generated-files';

/** An id of the shape EventBridge gives (a UUID), the same on every run. */
function envelopeId(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}

const files = new Map<string, string>();
for (const { key, contract, samples } of SAMPLED_CONTRACTS) {
  for (const [name, { time, detail }] of Object.entries(samples)) {
    const file = `events/${key}/${name}.json`;
    if (files.has(file)) throw new Error(`two samples are named ${name} in contracts/events/${key}: rename one`);
    const envelope = {
      version: '0',
      id: envelopeId(`${key}/${name}`),
      'detail-type': contract.detailType,
      source: contract.source,
      account: '123456789012',
      time,
      region: 'us-east-1',
      resources: [],
      detail,
    };
    files.set(file, `${JSON.stringify(envelope, null, 2)}\n`);
  }
}

writeOrCheck({ files, folders: FUNCTION_KEYS.map((key) => `events/${key}`), command: 'npm run generate' });
