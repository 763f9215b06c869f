/** `logistics send --backfill` through the deployed stack: its speed on this machine, and that its memory does not grow with the file. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { takeSnapshot } from '../local/snapshot';
import type { LocalStack } from '../local/stack';
import { measuredCommand } from './measured-command';
import type { Table } from './table';

/** Events in each file; the first size is the baseline of the memory. The environment variable `EVENTS` replaces the second. */
const SIZES = [1_000, Number(process.env['EVENTS'] ?? 10_000)];

/** Events a second that the embedded AWS can handle on two cores. */
const RATE = '40';

const EVENTS_A_SHIPMENT = 4;
const STATUSES = ['pending', 'in_transit', 'out_for_delivery', 'delivered'] as const;
const START = Date.UTC(2024, 2, 2);

/**
 * Sends past events, a quarter of which would notify.
 * @param folder for the files
 * @throws when an event was not accepted, or a notification was sent
 */
export async function measureBackfill(stack: LocalStack, folder: string): Promise<Table> {
  const rows: string[][] = [];
  for (const size of SIZES) {
    const file = path.join(folder, `${size}.ndjson`);
    write(file, size);
    const command = ['send', '--backfill', '--rate', RATE, '--json', file];
    const { seconds, megabytes, stdout } = await measuredCommand(stack, ...command);
    const result = stdout.trim().split('\n').at(-1) ?? '';
    const { accepted } = JSON.parse(result);
    const { notifications } = await takeSnapshot(stack);
    const notified = notifications.processing.length + notifications.alerts.length;
    if (accepted !== size || notified > 0) throw new Error(`of ${size}, ${result}; ${notified} notifications`);
    rows.push([
      size.toLocaleString('en'),
      accepted.toLocaleString('en'),
      String(notified),
      seconds.toFixed(0),
      (size / seconds).toFixed(0),
      megabytes.toFixed(0),
    ]);
  }
  return { head: ['events', 'accepted', 'notifications', 'seconds', 'events a second', 'peak memory, MB'], rows };
}

function write(file: string, size: number): void {
  const lines = Array.from({ length: size }, (_, event) => {
    const [shipment, place] = [Math.floor(event / EVENTS_A_SHIPMENT), event % EVENTS_A_SHIPMENT];
    return JSON.stringify({
      source: 'logistics.shipment',
      'detail-type': 'Shipment Status Updated',
      detail: {
        shipment_id: `BACKFILL-${size}-${shipment}`,
        status: STATUSES[place],
        event_id: `backfill-${size}-${event}`,
        occurred_at: new Date(START + shipment * 1_000 + place * 3_600_000).toISOString(),
        metadata: { carrier: 'NordFreight', origin: 'Hamburg', destination: 'Oslo' },
      },
    });
  });
  writeFileSync(file, lines.join('\n'));
}
