/** Names, keys and indexes of the tables; key types are DynamoDB's (`S` string, `N` number). */
export type KeyType = 'S' | 'N';

export interface KeySchema {
  readonly partition: readonly [name: string, type: KeyType];
  readonly sort?: readonly [name: string, type: KeyType];
}

export interface IndexSchema extends KeySchema {
  /** Projects only the keys of the index and of the table; without it, every attribute. */
  readonly keysOnly?: true;
}

interface TableSchema extends KeySchema {
  /** Without the environment's suffix. */
  readonly name: string;
  readonly indexes: Readonly<Record<string, IndexSchema>>;
  /** The attribute with the epoch second at which DynamoDB may remove the row. */
  readonly ttl?: string;
  /** The table has a stream. */
  readonly streamed?: true;
}

/** What a table's stream has of each change: the row before and after. */
export const STREAM_VIEW_TYPE = 'NEW_AND_OLD_IMAGES';

const byShipment = { partition: ['shipment_id', 'S'], sort: ['timestamp', 'N'] } as const;

const byStatus = { partition: ['status', 'S'], sort: ['timestamp', 'N'] } as const;

export const TABLES = {
  /** The log: one immutable row per accepted event. */
  shipmentEvents: {
    name: 'logistics-shipment-events',
    partition: ['event_id', 'S'],
    sort: ['timestamp', 'N'],
    indexes: {
      'shipment-index': byShipment,
      'status-index': byStatus,
    },
    ttl: 'ttl',
  },
  /** Each shipment's current status. */
  shipments: {
    name: 'logistics-shipments',
    partition: ['shipment_id', 'S'],
    indexes: { 'status-index': byStatus },
    streamed: true,
  },
  /** One row per failed event or received error event. */
  errorEvents: {
    name: 'logistics-error-events',
    partition: ['error_id', 'S'],
    sort: ['timestamp', 'N'],
    // Only rows that name a shipment. These attributes do not change after the first attempt, so an index entry is written once.
    indexes: { 'shipment-index': { ...byShipment, keysOnly: true } },
    ttl: 'ttl',
  },
} as const satisfies Record<string, TableSchema>;

/** The `error_id` of the rows that count the alerts of a minute, which is their `timestamp`; every other id has a slash. */
export const ALERT_MINUTES = 'alerts';

/** Days that an error row is kept after its failure was last seen. Longer than the archive, so a replay finds its marks. */
export const ERROR_ROW_DAYS = 30;

/** The epoch second at which an error row expires; `lastSeen` is epoch milliseconds. */
export const errorRowTtl = (lastSeen: number) => Math.floor(lastSeen / 1_000) + ERROR_ROW_DAYS * 86_400;
