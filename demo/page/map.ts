/** The pipeline's map: boxes in one column for each step of an event, and the arrows between them. */
import { type NodeKind, type Picture, type PictureNode, shortName } from '../../template-src/picture/graph';

export function mapOf({ nodes, edges }: Picture) {
  const ofKind = (...kinds: NodeKind[]) => nodes.filter(({ kind }) => kinds.includes(kind));
  const targets = (from: string, onFailure: boolean) => {
    const ids = edges.filter((edge) => edge.from === from && edge.onFailure === onFailure).map(({ to }) => to);
    return ids.flatMap((id) => nodes.find((node) => node.id === id) ?? []);
  };
  const queueUnder = ({ id, kind }: PictureNode) =>
    kind === 'function' ? targets(id, true).filter((target) => target.kind === 'queue') : [];

  const isToFunction = ({ id }: PictureNode) => targets(id, false).some(({ kind }) => kind === 'function');
  const rules = ofKind('rule', 'schedule').sort((a, b) => Number(isToFunction(b)) - Number(isToFunction(a)));
  const ruleTargets = rules.flatMap(({ id }) => targets(id, false));
  const publicFunctions = ofKind('function').filter(({ isPublic }) => isPublic);
  const otherFunctions = ofKind('function').filter((node) => !ruleTargets.includes(node) && !node.isPublic);
  const thirdColumn = [...ruleTargets, ...otherFunctions].flatMap((target) => [target, ...queueUnder(target)]);
  // Dead-letter queues, each under its function.
  const hanging = new Set(thirdColumn.flatMap(queueUnder));
  // Public functions send events to the bus below them.
  const columns = [[...publicFunctions, ...ofKind('bus', 'archive')], rules, thirdColumn, ofKind('table', 'topic')];

  const boxes = columns.map((column) =>
    column.map((node) => {
      const isHanging = hanging.has(node);
      const name = isHanging ? 'dead-letter queue' : shortName(node.name);
      return { id: node.id, kind: node.kind, name, note: node.note ?? name, isHanging };
    }),
  );
  const nameOf = (id: string) => boxes.flat().flatMap((box) => (box.id === id ? [`${box.kind} ${box.name}`] : []))[0];
  const arrows = edges.map(({ from, to, onFailure, label }) => {
    const title = `${nameOf(from)} to ${nameOf(to)}${label ? `: ${label}` : ''}`;
    return { from, to, onFailure, title };
  });
  return { columns: boxes, arrows };
}
