/** What `track` and `list` add to what the client package reads: ages, and events that were refused. */
import { GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { register as list } from '../../../../cli/commands/list';
import { register as track } from '../../../../cli/commands/track';
import { toAttributes } from '../../../../src/adapters/attributes';
import { db } from '../mocked-aws';
import { jsonLines, run } from '../run';

const ERRORS = { TableName: 'logistics-error-events-dev' };

const at = (day: number) => Date.UTC(2026, 2, day);
const standing = (id: string, day: number) =>
  toAttributes({ shipment_id: id, status: 'in_transit', timestamp: at(day), event_id: `e-${id}` });

/** Has the error table hold these failures of the shipment, the latest first, as its index does. */
function failed(...failures: (readonly [error_id: string, error_type: string])[]): void {
  const keyOf = (error_id: string) => toAttributes({ error_id, timestamp: 7 });
  db.on(QueryCommand, ERRORS).resolves({ Items: failures.map(([id]) => keyOf(id)) });
  for (const [error_id, error_type] of failures)
    db.on(GetItemCommand, { ...ERRORS, Key: keyOf(error_id) }).resolves({
      Item: toAttributes({ error_id, timestamp: 7, error_type, error_message: `why ${error_id}`, event_id: 'e' }),
    });
}

beforeEach(() => {
  db.on(GetItemCommand).resolves({ Item: standing('S', 1) });
  db.on(QueryCommand).resolves({ Items: [standing('S', 1)] });
});

it('list shows for how long shipments have stood there', async () => {
  jest.spyOn(Date, 'now').mockReturnValue(at(6));
  db.on(QueryCommand).resolves({ Items: [standing('A', 1), standing('B', 2), standing('C', 3)] });

  const { stdout } = await run(list, 'list', '--status', 'in_transit', '--older-than', '3d', '--json');
  jest.restoreAllMocks();

  expect(jsonLines(stdout).map(({ shipment_id, age }) => [shipment_id, age])).toEqual([
    ['A', '5d'],
    ['B', '4d'],
  ]);
});

it('track tells of a shipment whose status is not yet set', async () => {
  db.on(GetItemCommand).resolves({});

  expect((await run(track, 'track', 'S')).stdout).toMatch(/^status +not yet set: its first event is being handled$/m);
});

describe('track, of refused events', () => {
  it('shows class and reason, but no failure that AWS may recover from', async () => {
    failed(['newer', 'rejected'], ['transient', 'transient'], ['older', 'conflict']);

    const [, , ...refused] = jsonLines((await run(track, 'track', 'S', '--json')).stdout);

    const shown = { status: 'refused', event_id: 'e', time: '1970-01-01T00:00:00.007Z' };
    expect(refused).toEqual([
      { ...shown, error_id: 'older', marks: ['conflict', 'why older'] },
      { ...shown, error_id: 'newer', marks: ['rejected', 'why newer'] },
    ]);
    expect((await run(track, 'track', 'S')).stdout).toMatch(/refused +e +older +conflict, why older$/m);
  });

  it('shows them when no event of the shipment was accepted', async () => {
    db.on(GetItemCommand).resolves({});
    db.on(QueryCommand).resolves({ Items: [] });
    failed(['claimed', 'conflict']);

    expect(jsonLines((await run(track, 'track', 'S', '--json')).stdout)).toEqual([
      expect.objectContaining({ status: 'not set: every event of it was refused', events: 0 }),
      expect.objectContaining({ error_id: 'claimed' }),
    ]);
  });

  it('says that they are not shown when the table has no index of them yet', async () => {
    const noIndex = new Error('The table does not have the specified index: shipment-index');
    db.on(QueryCommand, ERRORS).rejects(Object.assign(noIndex, { name: 'ValidationException' }));

    const { stderr, exitCode } = await run(track, 'track', 'S');

    expect(stderr).toContain('refused events are not shown');
    expect(exitCode).toBeUndefined();
  });
});
