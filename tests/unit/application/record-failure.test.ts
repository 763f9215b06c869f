import type { AnnouncedFailure } from '../../../contracts/error-fields';
import { recordFailure } from '../../../src/application/record-failure';
import { failureOf } from '../../../src/domain/failure-row';
import { Rejected } from '../../../src/domain/failures';
import { anEnvelope } from '../../support/builders/events';

function aTable(attempts = 0) {
  const announced = new Set<string>();
  const sent: AnnouncedFailure[] = [];
  let busIsDown = false;
  let count = attempts;
  return {
    sent,
    breakBus: (down: boolean) => {
      busIsDown = down;
    },
    ports: {
      maxAttempts: 3,
      record: async () => {
        count += 1;
        return { attempts: count, announced };
      },
      announce: async (failure: AnnouncedFailure) => {
        if (busIsDown) throw new Error('bus is down');
        sent.push(failure);
      },
      markAnnounced: async (_key: unknown, kind: string) => {
        announced.add(kind);
      },
    },
  };
}

const rejected = failureOf(anEnvelope(), new Rejected('wrong'), 'f');
const transient = failureOf(anEnvelope(), new Error('down'), 'f');

describe('recording a failure', () => {
  it('announces a rejected event once, however often it comes', async () => {
    const { ports, sent } = aTable();
    for (let attempt = 0; attempt < 4; attempt++) await recordFailure(rejected, ports);
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

  it('announces a transient failure only when its attempts are spent', async () => {
    const { ports, sent } = aTable();
    await recordFailure(transient, ports);
    await recordFailure(transient, ports);
    expect(sent).toEqual([]);
    await recordFailure(transient, ports);
    expect(sent.map(({ error_type }) => error_type)).toEqual(['retries_exhausted']);
  });

  it('tries the announcement again when the bus was down', async () => {
    const { ports, sent, breakBus } = aTable();
    breakBus(true);
    await expect(recordFailure(rejected, ports)).rejects.toThrow('bus is down');
    breakBus(false);
    await recordFailure(rejected, ports);
    expect(sent).toHaveLength(1);
  });
});
