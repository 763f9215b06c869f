import type { AnnouncedFailure } from '../../../contracts/error-fields';
import { recordFailure } from '../../../src/application/record-failure';
import { failureOf } from '../../../src/domain/failure-row';
import { Rejected } from '../../../src/domain/failures';
import { anEnvelope } from '../../support/builders/events';

/** Ports of a failing event with its row in memory, and the announcements that were sent. */
function failingEvent() {
  const announced = new Set<string>();
  const sent: AnnouncedFailure[] = [];
  let attempts = 0;
  const ports = {
    maxAttempts: 3,
    record: async () => {
      attempts += 1;
      return { attempts, announced };
    },
    announce: async (failure: AnnouncedFailure) => void sent.push(failure),
    markAnnounced: async (_key: unknown, kind: string) => void announced.add(kind),
  };
  return { sent, ports };
}

it('announces a rejected event once, after an attempt that the bus refused, however often it arrives', async () => {
  const { sent, ports } = failingEvent();
  const rejected = failureOf(anEnvelope(), new Rejected('wrong'), 'f');
  const announce = () => Promise.reject(new Error('bus is down'));

  await expect(recordFailure(rejected, { ...ports, announce })).rejects.toThrow('bus is down');
  for (let attempt = 2; attempt <= 4; attempt += 1) await recordFailure(rejected, ports);

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

it('announces a transient failure only when its retries are exhausted', async () => {
  const { sent, ports } = failingEvent();
  const transient = failureOf(anEnvelope(), new Error('down'), 'f');

  for (let attempt = 1; attempt <= 2; attempt += 1) await recordFailure(transient, ports);
  expect(sent).toEqual([]);

  await recordFailure(transient, ports);
  expect(sent).toMatchObject([{ error_type: 'retries_exhausted' }]);
});
