import { byId, svg } from './dom.js';

const counts = new Map();

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
  const count = svg('text', {
    class: 'count',
    x: x + width - 12,
    y: y + height / 2 + (isLow ? 5 : 7),
    'text-anchor': 'end',
  });
  counts.set(id, count);
  return svg(
    'g',
    { class: `box ${kind}`, 'data-id': id },
    svg('title', {}, note || name),
    svg('rect', { x, y, width, height, rx: kind === 'topic' ? height / 2 : 8 }),
    !isLow && svg('text', { class: 'kind', x: left, y: y + 20 }, name === kind ? 'of the bus' : kind),
    svg('text', { x: left, y: y + (isLow ? 20 : 38) }, name),
    count,
  );
}

export function showCounts(byBox) {
  for (const [id, element] of counts) {
    const text = byBox[id] === undefined ? '' : String(byBox[id]);
    if (element.textContent === text) continue;
    const isChange = element.textContent !== '';
    element.textContent = text;
    element.parentNode.classList.toggle('has-any', Number(text) > 0);
    if (isChange) {
      element.parentNode.classList.remove('changed');
      // Reading the layout restarts the animation.
      element.getBoundingClientRect();
      element.parentNode.classList.add('changed');
    }
  }
}
