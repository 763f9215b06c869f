import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';

interface Consumed {
  readonly CapacityUnits?: number;
}

/** Adds up what DynamoDB says that requests consumed. */
export class Meter {
  private requests = 0;
  private units = 0;

  constructor(db: DynamoDBClient) {
    db.middlewareStack.add(
      (next) => async (args) => {
        Object.assign(args.input, { ReturnConsumedCapacity: 'INDEXES' });
        this.requests += 1;
        try {
          const result = await next(args);
          const { ConsumedCapacity = [] } = result.output as { ConsumedCapacity?: Consumed | Consumed[] };
          for (const { CapacityUnits = 0 } of [ConsumedCapacity].flat()) this.units += CapacityUnits;
          return result;
        } catch (error) {
          // The answer to a failed condition carries no figure; by DynamoDB's rules it consumes what writing the row that is there would.
          if (error instanceof ConditionalCheckFailedException) this.units += 1;
          throw error;
        }
      },
      { step: 'initialize', name: 'meter' },
    );
  }

  /** What was asked and consumed while the work ran. */
  async during(work: () => Promise<void>): Promise<{ readonly requests: number; readonly units: number }> {
    [this.requests, this.units] = [0, 0];
    await work();
    return { requests: this.requests, units: this.units };
  }
}
