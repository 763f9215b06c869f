import type { AnnouncedFailure } from '../../../contracts/error-fields';
import { recordFailure } from '../../../src/application/record-failure';
import { failureOf } from '../../../src/domain/failure-row';
import { Rejected } from '../../../src/domain/failures';
import { anEnvelope } from '../../support/builders/events';

it('announces a rejected event once it can, and once only, however often it comes', async () => {
  const rejected = failureOf(anEnvelope(), new Rejected('wrong'), 'f');
  const announced = new Set<string>();
  const sent: AnnouncedFailure[] = [];
  let attempts = 0;
  const ports = {
    maxAttempts: 3,
    record: async () => ({ attempts: ++attempts, announced }),
    announce: async (failure: AnnouncedFailure) => {
      if (attempts === 1) throw new Error('bus is down');
      sent.push(failure);
    },
    markAnnounced: async (_key: unknown, kind: string) => void announced.add(kind),
  };

  await expect(recordFailure(rejected, ports)).rejects.toThrow('bus is down');
  for (let again = 0; again < 3; again += 1) await recordFailure(rejected, ports);

  expect(sent).toEqual([
    {
      error_id: 'f/envelope-1',
      error_timestamp: Date.UTC(2026, 2, 2, 8),
      function_name: 'f',
      error_type: 'rejected',
      error_message: 'wrong',
      shipment_id: 'SHP-1',
      event_id: 'envelope-1',
    },
  ]);
});
