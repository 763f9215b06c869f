/** The mermaid flowchart of README and docs/architecture.md. */
import {
  type NodeKind,
  type Picture,
  type PictureEdge,
  type PictureNode,
  shortName,
} from '../../template-src/picture/graph';

const SHAPES: Readonly<Record<NodeKind, (text: string) => string>> = {
  bus: (text) => `[("bus<br>${text}")]`,
  archive: (text) => `[("${text}")]`,
  rule: (text) => `{{"rule ${text}"}}`,
  schedule: (text) => `{{"schedule ${text}"}}`,
  function: (text) => `["${text}"]`,
  table: (text) => `[("${text}")]`,
  topic: (text) => `(["topic ${text}"])`,
  queue: (text) => `[/"queue ${text}"/]`,
};

/** Kinds of nodes that show their purpose below their name. */
const WITH_NOTE: readonly NodeKind[] = ['table', 'topic', 'queue', 'archive'];

/** One node for the dead-letter queues of all functions, which would clutter the picture. */
const FAILURE_QUEUES = 'FailureQueues';

export function mermaid({ nodes, edges }: Picture): string {
  const kinds = new Map(nodes.map(({ id, kind }) => [id, kind]));
  const failureQueues = new Set(
    edges.filter(({ from, to }) => kinds.get(from) === 'function' && kinds.get(to) === 'queue').map(({ to }) => to),
  );
  const drawn = edges.map((edge) => (failureQueues.has(edge.to) ? { ...edge, to: FAILURE_QUEUES } : edge));
  return [
    '```mermaid',
    'flowchart LR',
    '  producers(["carriers, warehouses, order systems"])',
    '  platforms(["carrier platforms"])',
    ...nodes.filter(({ id }) => !failureQueues.has(id)).map(declaration),
    `  ${FAILURE_QUEUES}[/"a dead-letter queue<br>for each function"/]`,
    ...nodes.filter(({ kind }) => kind === 'bus').map(({ id }) => `  producers --> ${id}`),
    ...nodes.filter(({ isPublic }) => isPublic).map(({ id }) => `  platforms -- webhooks --> ${id}`),
    ...lines(drawn),
    '```',
  ].join('\n');
}

function declaration({ id, kind, name, note }: PictureNode): string {
  const text = note && WITH_NOTE.includes(kind) ? `${shortName(name)}<br>${note}` : shortName(name);
  return `  ${id}${SHAPES[kind](text)}`;
}

/** Edges with the same arrow, from sources with the same targets, share a line: `a & b --> c & d`. */
function lines(edges: readonly PictureEdge[]): string[] {
  const byArrow = new Map<string, Map<string, Set<string>>>();
  for (const { from, to, label, onFailure } of edges) {
    const arrow = label ? (onFailure ? `-. ${label} .->` : `-- ${label} -->`) : onFailure ? '-.->' : '-->';
    const sources = byArrow.get(arrow) ?? new Map<string, Set<string>>();
    byArrow.set(arrow, sources.set(from, (sources.get(from) ?? new Set()).add(to)));
  }
  return [...byArrow].flatMap(([arrow, sources]) => {
    const byTargets = new Map<string, string[]>();
    for (const [from, to] of sources) {
      const targets = [...to].join(' & ');
      byTargets.set(targets, [...(byTargets.get(targets) ?? []), from]);
    }
    return [...byTargets].map(([targets, from]) => `  ${from.join(' & ')} ${arrow} ${targets}`);
  });
}
