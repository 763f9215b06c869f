import { Trial } from '../../../../cli/conformance/trial';
import { type Target, targetOf } from '../../../../cli/target/target';

// biome-ignore lint/suspicious/noExplicitAny: inputs are of all calls
type Answer = (input: any) => unknown;

/** Answers by the name of the call: a value, or what makes one of its input; an Error is thrown. A call without one is answered with nothing. */
export type Answers = Readonly<Record<string, object | Answer>>;

/** Named like the commands of the SDK, of which it is none. */
class SimulatePrincipalPolicyCommand {
  readonly input = {};
}

/** A target whose every call is answered from a table; what it was asked is kept, as `service:Call`. */
export function stubTarget(answers: Answers, asked: string[] = []): { target: Target; asked: string[] } {
  const target = targetOf({ env: 'dev', region: 'us-east-1' });
  const answerOf = (call: string, input: object) => {
    const answer = answers[call] ?? {};
    return typeof answer === 'function' ? answer(input) : answer;
  };
  const send = (service: string) => async (command: { input: object }) => {
    const name = command.constructor.name.replace(/Command$/, '');
    asked.push(`${service}:${name}`);
    const value = answerOf(name, command.input);
    if (value instanceof Error) throw value;
    return value;
  };
  const { db, sqs, sns, lambda, events, alarms, stacks, kms } = target;
  const services = { sqs, sns, lambda, events, kms, dynamodb: db, cloudwatch: alarms, cloudformation: stacks };
  for (const [service, client] of Object.entries(services)) Object.assign(client, { send: send(service) });
  // IAM has no client: what it answers goes over the wire.
  const handle = async () => ({ response: { body: await send('iam')(new SimulatePrincipalPolicyCommand()) } });
  const credentials = async () => ({ accessKeyId: 'a', secretAccessKey: 's' });
  Object.assign(stacks.config, { credentials, requestHandler: { handle } });
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (_, init = {}) => new Response('', answerOf('fetch', init)));
  return { target, asked };
}

export const RUN = 'test';

export const ARN = 'arn:aws:cloudformation:us-east-1:111122223333:stack/s';

/**
 * A trial on a stubbed stack, in which a minute is 15 ms.
 * @param on parameters that are true
 * @param asked gets every call that is made
 */
export function stubTrial(answers: Answers, on: readonly string[] = [], asked: string[] = []) {
  const { target } = stubTarget(answers, asked);
  const stack = {
    target,
    arn: ARN,
    parameters: new Map(on.map((parameter) => [parameter, 'true'])),
    outputs: new Map([
      ['ProcessingTopicArn', 'arn:processing'],
      ['CarrierWebhookUrl', 'https://id.lambda-url.us-east-1.on.aws/'],
    ]),
  };
  return new Trial(stack, RUN, 15, new AbortController().signal, true);
}

/** An error as AWS answers it. */
export const awsError = (name: string, message = 'no') => Object.assign(new Error(message), { name, $metadata: {} });
