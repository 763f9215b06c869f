/** `track` adds the refused events of a shipment to what the client package reads; `list` shows its rows. */
import { toAttributes } from '../../../../src/adapters/attributes';
import { answers } from '../mocked-aws';
import { run } from '../run';

const track = (...options: string[]) => run('track S', ...options);

const EVENT = toAttributes({ shipment_id: 'S', status: 'in_transit', timestamp: 1, event_id: 'e-S' });
const ACCEPTED = { log: [EVENT], status: EVENT };

const ERRORS = 'logistics-error-events-dev';

/** Has the tables hold rows of the shipment, and its failures by id with their types, the latest first as in the index. */
function stored({ log, status }: Partial<typeof ACCEPTED>, failures: Readonly<Record<string, string>> = {}): void {
  const keys = Object.keys(failures).map((error_id) => toAttributes({ error_id, timestamp: 7 }));
  const failureOf = (error_id: string) =>
    toAttributes({
      error_id,
      timestamp: 7,
      error_type: failures[error_id],
      error_message: `why ${error_id}`,
      event_id: 'e',
    });
  answers['Query'] = ({ TableName }) => ({ Items: TableName === ERRORS ? keys : log });
  answers['GetItem'] = ({ TableName, Key }) => ({ Item: TableName === ERRORS ? failureOf(Key.error_id.S) : status });
}

it('says when the status of a shipment is not yet set', async () => {
  stored({ log: ACCEPTED.log });

  expect((await track()).stdout).toMatch(/^status +not yet set: its first event is being handled$/m);
});

it('shows type and reason of each refused event, but no transient failure', async () => {
  stored(ACCEPTED, { newer: 'rejected', transient: 'transient', older: 'conflict' });

  const [, , ...refused] = (await track('--json')).rows;

  const shown = { status: 'refused', event_id: 'e', time: '1970-01-01T00:00:00.007Z' };
  expect(refused).toEqual([
    { ...shown, error_id: 'older', marks: ['conflict', 'why older'] },
    { ...shown, error_id: 'newer', marks: ['rejected', 'why newer'] },
  ]);
  expect((await track()).stdout).toMatch(/refused +e +older +conflict, why older$/m);
});

it('shows refused events when no event of the shipment was accepted', async () => {
  stored({}, { claimed: 'conflict' });

  expect((await track('--json')).rows).toEqual([
    expect.objectContaining({ status: 'not set: every event of it was refused', events: 0 }),
    expect.objectContaining({ error_id: 'claimed' }),
  ]);
});

it('list shows id, status, time and age of a shipment, and the event that set the status', async () => {
  const timestamp = Date.UTC(2026, 2, 2, 8);
  jest.spyOn(Date, 'now').mockReturnValue(timestamp + 90_000_000);
  answers['Query'] = { Items: [toAttributes({ shipment_id: 'SHP-1', status: 'failed', timestamp, event_id: 'e-1' })] };

  expect((await run('list --status failed')).stdout).toBe(
    'shipment_id  status  since                     age    event_id\n' +
      'SHP-1        failed  2026-03-02T08:00:00.000Z  1d 1h  e-1\n',
  );
});
