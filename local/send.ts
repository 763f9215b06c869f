/** Puts the events of files on the local bus: `npm run send -- --endpoint http://127.0.0.1:PORT event.json …`. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { inEnvironment, NAMES } from '../contracts/names';
import { ENVIRONMENT } from './deploy';
import { CREDENTIALS, localEnvironment, REGION } from './environment';
import { type EventFile, putEvent } from './stack';
import { Trouble } from './trouble';

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { endpoint: { type: 'string' } }, allowPositionals: true });
  if (!values.endpoint || positionals.length === 0) {
    throw new Trouble(
      'usage: npm run send -- --endpoint http://127.0.0.1:PORT event.json … (npm start prints the endpoint)',
      2,
    );
  }
  const endpoint = localEnvironment(values.endpoint)['AWS_ENDPOINT_URL'];
  const client = new EventBridgeClient({ ...(endpoint && { endpoint }), region: REGION, credentials: CREDENTIALS });
  for (const file of positionals) {
    const id = await putEvent(client, inEnvironment(NAMES.bus, ENVIRONMENT), readEvent(file));
    console.log(`${file} is on the bus as ${id}`);
  }
}

function readEvent(file: string): EventFile {
  try {
    const event: Partial<EventFile> = JSON.parse(readFileSync(file, 'utf8'));
    const { source, 'detail-type': detailType, time = new Date().toISOString(), detail } = event;
    if (typeof source === 'string' && typeof detailType === 'string') {
      return { source, 'detail-type': detailType, time, detail };
    }
  } catch (error) {
    throw new Trouble(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
  throw new Trouble(`${file} is no event: it needs source, detail-type and detail`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(error instanceof Trouble ? error.exitCode : 1);
});
