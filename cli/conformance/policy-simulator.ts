import { text } from 'node:stream/consumers';
import { SignatureV4 } from '@smithy/signature-v4';
import { UserError } from '../../lib/user-error.mjs';
import type { Target } from '../target/target';

export interface Call {
  readonly action: string;
  readonly resource: string;
  /** Condition keys of the call. */
  readonly context?: Readonly<Record<string, string>>;
}

const HOST = 'iam.amazonaws.com';

/**
 * Gets the decision of IAM's policy simulator (`SimulatePrincipalPolicy`): allowed, implicitDeny or explicitDeny. Signs and sends the request itself,
 * because one call does not justify the package of IAM's client. Works in AWS's standard regions only.
 * @throws UserError with IAM's error
 */
export async function decisionOf(
  roleArn: string,
  { action, resource, context = {} }: Call,
  target: Target,
): Promise<string> {
  const { credentials, sha256, requestHandler } = target.stacks.config;
  const form = new URLSearchParams({
    Action: 'SimulatePrincipalPolicy',
    Version: '2010-05-08',
    PolicySourceArn: roleArn,
    'ActionNames.member.1': action,
    'ResourceArns.member.1': resource,
  });
  for (const [index, [key, value]] of Object.entries(context).entries()) {
    const entry = `ContextEntries.member.${index + 1}`;
    form.append(`${entry}.ContextKeyName`, key);
    form.append(`${entry}.ContextKeyType`, 'string');
    form.append(`${entry}.ContextKeyValues.member.1`, value);
  }
  const signer = new SignatureV4({ service: 'iam', region: 'us-east-1', credentials, sha256 });
  const request = await signer.sign({
    protocol: 'https:',
    hostname: HOST,
    method: 'POST',
    path: '/',
    query: {},
    headers: { host: HOST, 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  });
  const { response } = await requestHandler.handle(request as Parameters<typeof requestHandler.handle>[0]);
  const answer = await text(response.body);
  const [, decision] = /<EvalDecision>(\w+)</.exec(answer) ?? [];
  if (decision) return decision;
  const [, code, message] = /<Code>([^<]*)<[\s\S]*?<Message>([^<]*)</.exec(answer) ?? [];
  throw new UserError(`IAM answered ${code ?? response.statusCode}: ${message ?? 'nothing'}`);
}
