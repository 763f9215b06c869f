/** The outbox: the shipments table's stream, read by the status publisher. */
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { STATUS_CHANGED } from '../../contracts/status-events';
import { TABLES } from '../../contracts/tables';
import { stringOf, toAttributes } from '../../src/adapters/attributes';
import { isObject, type JsonObject } from '../../src/domain/json';
import { type Claim, notTried, verdict } from './claim';
import { inboxOf } from './inbox';

const HISTORY = ['in_transit', 'out_for_delivery', 'failed', 'available_for_pickup', 'in_transit'] as const;

const changeOf = ({ detail }: JsonObject): JsonObject => (isObject(detail) ? detail : {});

export const stream: readonly Claim[] = [
  {
    id: 'stream-changes',
    sentence:
      "The stream has each change of a row once, as it was and as it is: the published changes of a shipment are one chain, whose greatest version is the table's.",
    source: 'decision 28; DynamoDB developer guide, "Change data capture for DynamoDB Streams"',
    how: `${HISTORY.length} status updates of one shipment, one after another; the changes that the publisher puts on the bus`,
    async try(trial) {
      if (trial.stack.parameters.get('PublishStatusChanges') !== 'true')
        return notTried('PublishStatusChanges is off in this environment');
      const { db, name } = trial.target;
      const inbox = await inboxOf(trial);
      const start = trial.target.now() - 60_000;
      const isChange = (message: JsonObject) =>
        message['detail-type'] === STATUS_CHANGED.detailType &&
        String(changeOf(message)['shipment_id']) === `${trial.prefix}changes`;
      for (const [at, status] of HISTORY.entries()) {
        const occurred_at = new Date(start + at * 1_000).toISOString();
        const { shipment_id } = await trial.update('changes', {
          status,
          occurred_at,
          event_id: `${trial.prefix}change-${at}`,
          notify: false,
        });
        const Key = toAttributes({ shipment_id });
        const get = new GetItemCommand({ TableName: name(TABLES.shipments.name), Key, ConsistentRead: true });
        const isThere = async () => stringOf((await db.send(get)).Item, 'event_id') === `${trial.prefix}change-${at}`;
        if (!(await trial.until(2, isThere))) return notTried(`${status} did not reach the table in two minutes`);
      }
      const published = await trial.until(3, async () => {
        const found = new Map(
          (await inbox.all(isChange)).map((each) => [String(changeOf(each)['version']), changeOf(each)]),
        );
        return found.size >= HISTORY.length && [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
      });
      const chain = (published ?? []).map(({ previous_status, status }) => `${previous_status ?? 'none'} to ${status}`);
      const expected = HISTORY.map((status, at) => `${HISTORY[at - 1] ?? 'none'} to ${status}`);
      return verdict(chain.join() === expected.join(), chain.join(', ') || 'not all changes came in three minutes');
    },
  },
  {
    id: 'stream-partial-batch',
    sentence: 'Lambda repeats a batch of the stream from the first failure that the function names.',
    source: 'decision 28; Lambda developer guide, "Configuring partial batch response with DynamoDB and Lambda"',
    how: 'not at all: it takes a function that fails on one record of a batch, and no event makes the publisher do so',
    try: async () =>
      notTried('it takes a function that fails on one record; docs/conformance.md says how to see it by hand'),
  },
];
