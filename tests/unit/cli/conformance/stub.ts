import { Trial } from '../../../../cli/conformance/trial';
import { type Target, targetOf } from '../../../../cli/target/target';
import type { Answers } from '../mocked-aws';

/** A target whose calls return these answers, by operation, and nothing without one. `calls` gets each as `service:Operation`. */
export function stubTarget(answers: Answers, calls: string[] = []): { target: Target; calls: string[] } {
  const target = targetOf({ env: 'dev', region: 'us-east-1' });
  const answerOf = (operation: string, input: object) => {
    const answer = answers[operation] ?? {};
    return typeof answer === 'function' ? answer(input) : answer;
  };
  const call = async (service: string, operation: string, input: object) => {
    calls.push(`${service}:${operation}`);
    const output = answerOf(operation, input);
    if (output instanceof Error) throw output;
    return output;
  };
  const { db, sqs, sns, lambda, events, alarms, stacks, kms } = target;
  const services = { sqs, sns, lambda, events, kms, dynamodb: db, cloudwatch: alarms, cloudformation: stacks };
  for (const [service, client] of Object.entries(services)) {
    const send = (command: { input: object }) =>
      call(service, command.constructor.name.replace(/Command$/, ''), command.input);
    Object.assign(client, { send });
  }
  // IAM has no client: its calls are HTTP requests.
  const handle = async () => ({ response: { body: await call('iam', 'SimulatePrincipalPolicy', {}) } });
  const credentials = async () => ({ accessKeyId: 'a', secretAccessKey: 's' });
  Object.assign(stacks.config, { credentials, requestHandler: { handle } });
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (_, init = {}) => new Response('', answerOf('fetch', init)));
  return { target, calls };
}

export const RUN = 'test';

export const ARN = 'arn:aws:cloudformation:us-east-1:111122223333:stack/s';

/** A trial on a stubbed stack with these parameters on, in which a minute is 15 ms. */
export function stubTrial(answers: Answers, on: readonly string[] = [], calls: string[] = []) {
  const { target } = stubTarget(answers, calls);
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
