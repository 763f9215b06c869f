import { mapOf } from '../../../../demo/page/map';
import { pictureOf } from '../../../../template-src/picture/graph';
import { template } from '../../../../template-src/template';

const picture = pictureOf(template);
const { columns, arrows } = mapOf(picture);

describe('the map', () => {
  it('has a box for every node of the picture', () => {
    const ids = columns.flat().map(({ id }) => id);

    expect(ids.sort()).toEqual(picture.nodes.map(({ id }) => id).sort());
  });

  it('hangs each dead-letter queue under its function', () => {
    const column = columns[2]?.map(({ id, name, isHanging }) => [id, name, isHanging]) ?? [];
    const place = column.findIndex(([id]) => id === 'StatusUpdater');

    expect(column[place + 1]).toEqual(['StatusUpdaterFailureQueue', 'dead-letter queue', true]);
  });

  it('names both ends of an arrow', () => {
    expect(arrows.map(({ title }) => title)).toContain(
      'function status-updater to topic processing: failed, cancelled, returned, delivered, corrections',
    );
  });
});
