/** What a change breaks: for producers of what we receive, for readers of what we send. docs/decisions/0002 has the rules. */
import type { Published } from '../generate/published';
import { type Narrowing, narrowings } from './compare-schemas';

/** What the baseline keeps of a message. */
export type Released = Pick<Published, 'direction' | 'version' | 'channels' | 'headers' | 'payload'>;

/**
 * @returns a sentence for each thing that is not compatible with the release; none when it is, or when a new version says that it
 * need not be
 */
export function incompatibilities(name: string, released: Released, current: Released | undefined): string[] {
  if (!current) {
    return [
      `${name} is gone: bring it back, or, to retire it, delete its entry from contracts/released.json and say so in CHANGELOG.md`,
    ];
  }
  if (current.version < released.version) {
    return [`${name} has version ${current.version}, older than the released ${released.version}: versions only rise`];
  }
  if (current.version > released.version) return [];
  const broken = [
    ...brokenRoutes(released, current),
    ...compare(released, current, 'headers').map((it) => sentence('header', it, released)),
    ...compare(released, current, 'payload').map((it) => sentence('field', it, released)),
  ];
  const remedy = `undo it, or raise ${name} to version ${released.version + 1} (CONTRIBUTING.md, "Change an event")`;
  return broken.map((what) => `${name}: ${what}: ${remedy}`);
}

function brokenRoutes(released: Released, current: Released): string[] {
  const lost = released.channels.filter((channel) => !current.channels.includes(channel));
  return [
    ...(current.direction === released.direction ? [] : [`was ${released.direction} and is ${current.direction}`]),
    ...lost.map((channel) => `is no longer on ${channel}`),
  ];
}

/** What we receive must take every old event; what we send must be what readers were told. */
function compare(released: Released, current: Released, part: 'headers' | 'payload'): Narrowing[] {
  const [old, now] = [released[part] ?? true, current[part] ?? true];
  return released.direction === 'received'
    ? narrowings(old, now, 'nobody sent it')
    : narrowings(now, old, 'it was removed').map(({ from, to, ...rest }) => ({ ...rest, from: to, to: from }));
}

function sentence(kind: string, { path, keyword, from, to, unclear }: Narrowing, { direction }: Released): string {
  const where = path === '' ? 'its whole' : `${kind} ${path}`;
  const change = `${where}: ${keyword} was ${shown(from)} and is ${shown(to)}`;
  if (unclear) return `${change}; I cannot tell whether that is compatible, so it counts as not`;
  return direction === 'received'
    ? `${change}, which refuses or changes what producers may send`
    : `${change}, which readers were not told of`;
}

const shown = (value: unknown) => (value === undefined ? 'absent' : JSON.stringify(value));
