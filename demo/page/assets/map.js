import { byId, html, svg } from './dom.js';

export function drawMap({ columns, arrows }) {
  const lines = svg('svg');
  byId('map').replaceChildren(lines, ...columns.map((boxes) => html('div', { class: 'column' }, boxes.map(box))));
  const heads = svg('defs', {}, head('head', 'head'), head('head-on-failure', 'head on-failure'));
  const drawn = arrows.toSorted((a, b) => Number(b.onFailure) - Number(a.onFailure));
  // The boxes move when the page's width changes.
  new ResizeObserver(() => lines.replaceChildren(heads, ...drawn.map(arrow))).observe(byId('map'));
}

const head = (id, classes) =>
  svg(
    'marker',
    { id, class: classes, viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto' },
    svg('path', { d: 'M0,0 L8,4 L0,8 z' }),
  );

const box = ({ id, kind, name, note, isHanging }) =>
  html(
    'div',
    { class: isHanging ? `box ${kind} hanging` : `box ${kind}`, 'data-id': id, title: note },
    html('div', {}, !isHanging && html('div', { class: 'kind' }, name === kind ? 'of the bus' : kind), name),
    html('span', { class: 'count' }),
  );

const arrow = ({ from, to, title, onFailure }) =>
  svg(
    'path',
    {
      class: onFailure ? 'arrow on-failure' : 'arrow',
      d: pathOf(edges(from), edges(to)),
      'marker-end': `url(#${onFailure ? 'head-on-failure' : 'head'})`,
    },
    svg('title', {}, title),
  );

/** Edges of a box, in pixels within the map. */
function edges(id) {
  const { offsetLeft, offsetTop, offsetWidth, offsetHeight } = byId('map').querySelector(`[data-id="${id}"]`);
  return { left: offsetLeft, right: offsetLeft + offsetWidth, top: offsetTop, bottom: offsetTop + offsetHeight };
}

function pathOf(from, to) {
  if (from.left === to.left) return `M${(from.left + from.right) / 2},${from.bottom} V${to.top}`;
  if (to.left < from.left) {
    // Back to the bus: up behind the boxes, over the top, and in from the right.
    const [start, end, y] = [from.left + 24, to.right + 20, to.top + 12];
    return `M${start},${from.top} V18 Q${start},8 ${start - 20},8 H${end + 20} Q${end},8 ${end},28 V${y - 8} Q${end},${y} ${end - 8},${y} H${to.right}`;
  }
  const [y1, y2] = [(from.top + from.bottom) / 2, (to.top + to.bottom) / 2];
  return `M${from.right},${y1} C${from.right + 42},${y1} ${to.left - 42},${y2} ${to.left},${y2}`;
}

export function showCounts(byBox) {
  const moves = matchMedia('(prefers-reduced-motion: no-preference)').matches;
  for (const element of byId('map').querySelectorAll('.box')) {
    const count = element.querySelector('.count');
    const before = count.textContent;
    const text = String(byBox[element.dataset.id] ?? '');
    if (text === before) continue;
    count.textContent = text;
    element.classList.toggle('has-any', Number(text) > 0);
    if (moves && before !== '') count.animate([{ color: 'var(--accent)', scale: 1.3 }, {}], 1_200);
  }
}
