import { type Box, layOut } from '../../../../demo/page/map-layout';
import { pictureOf } from '../../../../template-src/picture/graph';
import { template } from '../../../../template-src/template';

const picture = pictureOf(template);
const { boxes, arrows, width, height } = layOut(picture);

const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('the map', () => {
  it('has a box for every node of the picture, and an arrow for every edge', () => {
    expect(boxes.map(({ id }) => id).sort()).toEqual(picture.nodes.map(({ id }) => id).sort());
    expect(arrows).toHaveLength(picture.edges.length);
  });

  it('has no overlapping boxes, and none outside the frame', () => {
    const pairs = boxes.flatMap((a, index) => boxes.slice(index + 1).map((b) => [a, b] as const));

    expect(pairs.filter(([a, b]) => overlap(a, b))).toEqual([]);
    for (const box of boxes) {
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.y).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(width);
      expect(box.y + box.height).toBeLessThanOrEqual(height);
    }
  });

  it('hangs each dead-letter queue under its function', () => {
    const at = (id: string) => boxes.find((box) => box.id === id);

    expect(at('StatusUpdaterFailureQueue')?.x).toBe(at('StatusUpdater')?.x);
    expect(at('StatusUpdaterFailureQueue')?.name).toBe('dead-letter queue');
  });

  it('names both ends of an arrow', () => {
    expect(arrows.map(({ title }) => title)).toContain(
      'function status-updater to topic processing: failed, cancelled, returned, delivered, corrections',
    );
  });
});
