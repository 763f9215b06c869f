import { byId, svg } from './dom.js';

export function drawMap({ width, height, boxes, arrows }) {
  const head = (id, classes) =>
    svg(
      'marker',
      { id, class: classes, viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto' },
      svg('path', { d: 'M0,0 L8,4 L0,8 z' }),
    );
  const drawing = svg(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': 'The pipeline, with live counts' },
    svg('defs', {}, head('head', 'head'), head('head-on-failure', 'head on-failure')),
    [...arrows].sort((a, b) => Number(b.onFailure) - Number(a.onFailure)).map(arrow),
    boxes.map(box),
  );
  byId('map').replaceChildren(drawing);
}

const arrow = ({ path, title, onFailure }) =>
  svg(
    'path',
    {
      class: onFailure ? 'arrow on-failure' : 'arrow',
      d: path,
      'marker-end': `url(#${onFailure ? 'head-on-failure' : 'head'})`,
    },
    svg('title', {}, title),
  );

function box({ id, kind, name, note, x, y, width, height }) {
  const isLow = height < 40;
  const left = x + (kind === 'topic' ? 20 : 12);
  return svg(
    'g',
    { class: `box ${kind}`, 'data-id': id },
    svg('title', {}, note || name),
    svg('rect', { x, y, width, height, rx: kind === 'topic' ? height / 2 : 8 }),
    !isLow && svg('text', { class: 'kind', x: left, y: y + 20 }, name === kind ? 'of the bus' : kind),
    svg('text', { x: left, y: y + (isLow ? 20 : 38) }, name),
    svg('text', { class: 'count', x: x + width - 12, y: y + height / 2 + 7, 'text-anchor': 'end' }),
  );
}

export function showCounts(byBox) {
  const moves = matchMedia('(prefers-reduced-motion: no-preference)').matches;
  for (const box of byId('map').querySelectorAll('.box')) {
    const count = box.querySelector('.count');
    const before = count.textContent;
    const text = String(byBox[box.dataset.id] ?? '');
    if (text === before) continue;
    count.textContent = text;
    box.classList.toggle('has-any', Number(text) > 0);
    if (moves && before !== '') count.animate([{ fill: 'var(--accent)', fontSize: '25px' }, {}], 1_200);
  }
}
