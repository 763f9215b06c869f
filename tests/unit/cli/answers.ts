import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

export type Input = Readonly<Record<string, unknown>>;

/** What AWS answers, by operation: always the same, or made of the call's input. Any other call fails. */
export type Answers = Record<string, object | ((input: Input) => object)>;

export interface Call {
  readonly operation: string;
  readonly input: Input;
}

/**
 * Has the clients of all services answer by these during the tests of a file.
 * @returns the calls of the test so far
 */
export function answering(answers: () => Answers): readonly Call[] {
  const calls: Call[] = [];
  // The class that all clients extend.
  const { prototype } = Object.getPrototypeOf(DynamoDBClient);
  beforeEach(() => {
    calls.splice(0);
    jest.spyOn(prototype, 'send').mockImplementation(async (command) => {
      const { input } = Object(command);
      const operation = Object(command).constructor.name.replace(/Command$/, '');
      calls.push({ operation, input });
      const answer = answers()[operation];
      if (!answer) throw new TypeError(`${operation} has no answer`);
      return typeof answer === 'function' ? answer(input) : answer;
    });
  });
  afterEach(() => jest.restoreAllMocks());
  return calls;
}

/** An answer that is none. */
export const throws = (error: Error) => () => {
  throw error;
};
