import { toAttributes } from '../../../../src/adapters/attributes';
import { answers } from '../mocked-aws';
import { run } from '../run';

it('shows id, status, time and age of a shipment, and the event that set the status', async () => {
  const timestamp = Date.UTC(2026, 2, 2, 8);
  jest.spyOn(Date, 'now').mockReturnValue(timestamp + 90_000_000);
  answers['Query'] = { Items: [toAttributes({ shipment_id: 'SHP-1', status: 'failed', timestamp, event_id: 'e-1' })] };

  expect((await run('list --status failed')).stdout).toBe(
    'shipment_id  status  since                     age    event_id\n' +
      'SHP-1        failed  2026-03-02T08:00:00.000Z  1d 1h  e-1\n',
  );
});
