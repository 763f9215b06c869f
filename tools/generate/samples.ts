/** The contracts' samples as EventBridge delivers them: `events/<function>/<sample>.json`, ready for `sam local invoke`. */
import { createHash } from 'node:crypto';
import { EVENT_FUNCTION_KEYS } from '../../contracts/functions';
import { SAMPLED_CONTRACTS } from '../../contracts/generated/contracts';
import { UserError } from '../../lib/user-error.mjs';

/** An id in EventBridge's format (a UUID), the same in every run. */
function envelopeId(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}

/** Folders that contain only samples. */
export const SAMPLE_FOLDERS = EVENT_FUNCTION_KEYS.map((key) => `events/${key}`);

export const samples = new Map<string, string>();
for (const { key, contract, samples: samplesByName } of SAMPLED_CONTRACTS) {
  for (const [name, { time, detail }] of Object.entries(samplesByName)) {
    const file = `events/${key}/${name}.json`;
    if (samples.has(file)) throw new UserError(`two samples are named ${name} in contracts/events/${key}: rename one`);
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
    samples.set(file, `${JSON.stringify(envelope, null, 2)}\n`);
  }
}
