/** Layout of the pipeline's map: boxes in one column for each step of an event, and arrows. All measures are SVG units. */
import {
  type NodeKind,
  type Picture,
  type PictureEdge,
  type PictureNode,
  shortName,
} from '../../template-src/picture/graph';

export interface Box {
  readonly id: string;
  readonly kind: NodeKind;
  readonly name: string;
  readonly note: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const WIDTH = 190;
const HEIGHT = 52;
/** A dead-letter queue hangs under its function. */
const HANGING_HEIGHT = 30;
const GAP = { column: 76, row: 22, hanging: 8 };
/** Space above the columns for the arrows back to the bus. */
const TOP = 30;
const MARGIN = 6;

export function layOut({ nodes, edges }: Picture) {
  const nodeOf = (id: string) => nodes.find((node) => node.id === id);
  const ofKind = (...kinds: NodeKind[]) => nodes.filter(({ kind }) => kinds.includes(kind));
  const targets = (from: string, onFailure: boolean) =>
    edges.flatMap((edge) => (edge.from === from && edge.onFailure === onFailure ? (nodeOf(edge.to) ?? []) : []));
  const queueUnder = ({ id, kind }: PictureNode) =>
    kind === 'function' ? targets(id, true).filter((target) => target.kind === 'queue') : [];

  const isToFunction = ({ id }: PictureNode) => targets(id, false).some(({ kind }) => kind === 'function');
  const rules = ofKind('rule', 'schedule').sort((a, b) => Number(isToFunction(b)) - Number(isToFunction(a)));
  const ruleTargets = rules.flatMap(({ id }) => targets(id, false));
  const publicFunctions = ofKind('function').filter(({ isPublic }) => isPublic);
  const otherFunctions = ofKind('function').filter((node) => !ruleTargets.includes(node) && !node.isPublic);
  const thirdColumn = [...ruleTargets, ...otherFunctions].flatMap((target) => [target, ...queueUnder(target)]);
  const hanging = new Set(thirdColumn.flatMap(queueUnder).map(({ id }) => id));
  // Public functions send events to the bus below them.
  const columns = [[...publicFunctions, ...ofKind('bus', 'archive')], rules, thirdColumn, ofKind('table', 'topic')];

  const heights = columns.map((column) => rowsOf(column, hanging).height);
  const height = TOP + Math.max(...heights) + MARGIN;
  const boxes = columns.flatMap((column, index) => {
    const { offsets } = rowsOf(column, hanging);
    const top = TOP + (height - TOP - MARGIN - (heights[index] ?? 0)) / 2;
    return column.map(
      ({ id, kind, name, note = '' }, row): Box => ({
        id,
        kind,
        name: hanging.has(id) ? 'dead-letter queue' : shortName(name),
        note,
        x: MARGIN + index * (WIDTH + GAP.column),
        y: top + (offsets[row] ?? 0),
        width: WIDTH,
        height: hanging.has(id) ? HANGING_HEIGHT : HEIGHT,
      }),
    );
  });
  const boxOf = (id: string) => boxes.find((box) => box.id === id);
  const arrows = edges.flatMap((edge) => {
    const [from, to] = [boxOf(edge.from), boxOf(edge.to)];
    return from && to ? [{ onFailure: edge.onFailure, title: titleOf(edge, from, to), path: pathOf(from, to) }] : [];
  });
  return { width: 2 * MARGIN + columns.length * WIDTH + (columns.length - 1) * GAP.column, height, boxes, arrows };
}

function rowsOf(column: readonly PictureNode[], hanging: ReadonlySet<string>) {
  let height = 0;
  const offsets = column.map(({ id }, row) => {
    if (row > 0) height += hanging.has(id) ? GAP.hanging : GAP.row;
    const offset = height;
    height += hanging.has(id) ? HANGING_HEIGHT : HEIGHT;
    return offset;
  });
  return { height, offsets };
}

const titleOf = ({ label }: PictureEdge, from: Box, to: Box) =>
  `${from.kind} ${from.name} to ${to.kind} ${to.name}${label ? `: ${label}` : ''}`;

function pathOf(from: Box, to: Box): string {
  const middle = (box: Box) => box.y + box.height / 2;
  if (from.x === to.x) {
    const x = from.x + from.width / 2;
    return `M${x},${from.y + from.height} L${x},${to.y}`;
  }
  if (to.x < from.x) {
    // Back to the bus: up behind the boxes, over the top, and in from the right.
    const [start, side, end, y] = [from.x + 24, to.x + to.width, to.x + to.width + 20, to.y + 12];
    return `M${start},${from.y} L${start},${TOP - 12} Q${start},8 ${start - 20},8 L${end + 20},8 Q${end},8 ${end},28 L${end},${y - 8} Q${end},${y} ${end - 8},${y} L${side},${y}`;
  }
  const [x1, y1, x2, y2] = [from.x + from.width, middle(from), to.x, middle(to)];
  const bend = GAP.column * 0.55;
  return `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`;
}
