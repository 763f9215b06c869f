/** `logistics send --backfill` through the deployed stack: how fast it goes here, and that its memory does not follow the file. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { takeSnapshot } from '../local/snapshot';
import type { LocalStack } from '../local/stack';
import { measuredCommand } from './measured-command';
import type { Table } from './table';

/** The first of them shows what memory does not depend on the file's length. `EVENTS=100000` measures so many in place of the second. */
const SIZES = [1_000, Number(process.env['EVENTS'] ?? 10_000)];

/** Events a second: the embedded AWS, which has a process for each function, keeps up with them on two cores. */
const RATE = '40';

const EVENTS_A_SHIPMENT = 4;
const STATUSES = ['pending', 'in_transit', 'out_for_delivery', 'delivered'] as const;
const START = Date.UTC(2024, 2, 2);

/**
 * Sends historic events, of which a quarter would notify.
 * @param folder takes the files
 * @throws when an event is not on record in the end, or there was a notification
 */
export async function measureBackfill(stack: LocalStack, folder: string): Promise<Table> {
  const rows: string[][] = [];
  for (const size of SIZES) {
    const file = path.join(folder, `${size}.ndjson`);
    write(file, size);
    const command = ['send', '--backfill', '--rate', RATE, '--json', file];
    const { seconds, megabytes, stdout } = await measuredCommand(stack, ...command);
    const account = stdout.trim().split('\n').at(-1) ?? '';
    const { accepted } = JSON.parse(account);
    const { notifications } = await takeSnapshot(stack);
    const notified = notifications.processing.length + notifications.alerts.length;
    if (accepted !== size || notified > 0) throw new Error(`of ${size}, ${account}; ${notified} notifications`);
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
