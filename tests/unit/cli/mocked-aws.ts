/** AWS of a test file: every call of an AWS client gets the answer that the test has for its operation. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** An output, an error to throw, or a function of the call's input that returns either. */
// biome-ignore lint/suspicious/noExplicitAny: inputs of all operations
type Answer = object | ((input: any) => object);

/** Answers by operation. */
export type Answers = Readonly<Record<string, Answer>>;

/** Answers during a test: reads find nothing and any other call fails, unless the test sets an answer. */
export const answers: Record<string, Answer> = {};

/** In place of an operation: the answer to each call that has none of its own. */
export const ANY_OTHER = '*';

/** Calls of the test so far, with the name of each service in IAM. */
export const calls: { readonly service: string; readonly operation: string; readonly input: Input }[] = [];

// biome-ignore lint/suspicious/noExplicitAny: inputs of all operations
type Input = any;

const READS = [
  'DescribeEventBus',
  'DescribeTable',
  'GetItem',
  'GetMetricStatistics',
  'GetQueueAttributes',
  'GetQueueUrl',
  'Query',
  'ReceiveMessage',
  'Scan',
];

beforeEach(() => {
  calls.splice(0);
  for (const operation of Object.keys(answers)) delete answers[operation];
  for (const operation of [...READS, 'ChangeMessageVisibilityBatch']) answers[operation] = {};
  // The class that the clients of all services extend.
  const { prototype } = Object.getPrototypeOf(DynamoDBClient);
  jest.spyOn(prototype, 'send').mockImplementation(async function send(this: DynamoDBClient, command) {
    const { input } = Object(command);
    const operation = Object(command).constructor.name.replace(/Command$/, '');
    const service = this.config.serviceId.toLowerCase().replace('eventbridge', 'events');
    calls.push({ service, operation, input });
    const answer = answers[operation] ?? answers[ANY_OTHER] ?? new TypeError(`${operation} has no answer`);
    const output = typeof answer === 'function' ? await answer(input) : answer;
    if (output instanceof Error) throw output;
    return output;
  });
});

afterEach(() => jest.restoreAllMocks());

/** Inputs of the test's calls of an operation. */
export const inputsOf = (operation: string): Input[] =>
  calls.filter((call) => call.operation === operation).map(({ input }) => input);

/** An answer that returns the next of the values at each call, and repeats the last. */
export function inTurn(...values: readonly object[]): () => object {
  const remaining = [...values];
  return () => (remaining.length > 1 ? remaining.shift() : remaining[0]) as object;
}

/** An error as AWS returns it. */
export const awsError = (name: string, message = 'no') =>
  Object.assign(new Error(message), { name, $fault: 'client', $metadata: {} });
