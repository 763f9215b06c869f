/** A line plot as SVG, one question each; x is logarithmic. */
import { grouped } from '../../template-src/grouped';

export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

interface Plot {
  readonly question: string;
  readonly x: string;
  readonly y: string;
  readonly lines: readonly Line[];
}

const [WIDTH, HEIGHT, MARGIN] = [720, 360, 56];
const COLOURS = ['#1f77b4', '#d62728', '#2ca02c', '#9467bd'];

export function svg({ question, x, y, lines }: Plot): string {
  const xs = lines.flatMap(({ points }) => points.map(([value]) => Math.log10(value)));
  const top = Math.max(1, ...lines.flatMap(({ points }) => points.map(([, value]) => value)));
  const [low, high] = [Math.min(...xs), Math.max(...xs)];
  const left = (value: number) => MARGIN + ((Math.log10(value) - low) / (high - low)) * (WIDTH - 2 * MARGIN - 90);
  const height = (value: number) => HEIGHT - MARGIN - (value / top) * (HEIGHT - 2 * MARGIN);
  const text = (at: readonly [number, number], words: string, more = '') =>
    `<text x="${at[0].toFixed(0)}" y="${at[1].toFixed(0)}" ${more}>${words}</text>`;
  const ticks = Array.from(
    { length: Math.floor(high) - Math.ceil(low) + 1 },
    (_, index) => 10 ** (Math.ceil(low) + index),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<title>${question}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    text([MARGIN, 24], question, 'font-size="15" font-weight="bold"'),
    ...ticks.flatMap((tick) => [
      `<path d="M${left(tick).toFixed(0)} ${MARGIN}V${HEIGHT - MARGIN}" stroke="#ddd"/>`,
      text([left(tick), HEIGHT - MARGIN + 18], grouped(tick), 'text-anchor="middle"'),
    ]),
    ...[0, top / 2, top].map((tick) => text([MARGIN - 6, height(tick) + 4], tick.toFixed(0), 'text-anchor="end"')),
    text([WIDTH / 2 - 45, HEIGHT - 12], x, 'text-anchor="middle"'),
    text([MARGIN, MARGIN - 12], y),
    ...lines.flatMap(({ name, points }, index) => {
      const colour = COLOURS[index % COLOURS.length];
      const path = points.map(([px, py]) => `${left(px).toFixed(1)},${height(py).toFixed(1)}`).join(' ');
      const [, last = 0] = points.at(-1) ?? [];
      return [
        `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
        text([WIDTH - MARGIN - 84, height(last) + 4], name, `fill="${colour}"`),
      ];
    }),
    '</svg>',
    '',
  ].join('\n');
}
