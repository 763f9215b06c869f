import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { OPERATOR_COMMAND } from '../../contracts/operator-command';
import { UserError } from '../../lib/user-error.mjs';

/** Advice on errors of AWS, its SDK or the network, matched by name, message or code. The first match counts. */
const ADVICE: readonly (readonly [pattern: RegExp, advice: string])[] = [
  [
    /multi-factor authentication/,
    'the profile needs an MFA code, which this command cannot ask for. With AWS CLI 2 `eval "$(aws configure export-credentials --profile {profile} --format env)"` asks for it and exports credentials; with an older one `aws sts assume-role --serial-number {mfa} --token-code {code} …` gives them. Then leave --profile and AWS_PROFILE out',
  ],
  [/aws sso login/, 'the SSO session has expired: run `aws sso login --profile {profile}`, then repeat the command'],
  [
    /CredentialsProviderError|TokenProviderError|Could not load credentials/,
    'no AWS credentials: log in, choose --profile, or for a local stack give --endpoint',
  ],
  [
    /access key of this start/,
    'the local stack has another access key: export the four lines that its `npm start` printed',
  ],
  [/Region is missing/, 'no AWS region: give --region, or set AWS_REGION or AWS_DEFAULT_REGION'],
  [/Region not accepted/, 'that is no AWS region: check --region'],
  [
    /RequestExpired|Signature expired|Signature not yet current|RequestTimeTooSkewed/,
    "AWS refuses the time of the request: check this machine's clock",
  ],
  [
    /ExpiredToken|UnrecognizedClient|InvalidClientTokenId|SignatureDoesNotMatch|InvalidSignature|AuthFailure/,
    'AWS refuses the credentials: they are wrong or have expired; log in again',
  ],
  // Before AccessDenied, which DynamoDB reports for a key that is disabled or scheduled for deletion.
  [
    /KMS key|AWSKMS|KMS\.?(AccessDenied|Disabled|InvalidState|NotFound)/,
    `the key of a table cannot be used: \`${OPERATOR_COMMAND} doctor\` says which; docs/runbook.md, "A table cannot be used"`,
  ],
  [/AccessDenied|NotAuthorized|not authorized/, 'the credentials lack a permission'],
  [
    /QueueDoesNotExist|NonExistentQueue|ResourceNotFound/,
    'the stack was not found: check --env, --region and the account',
  ],
  [
    /Throttl|TooManyRequests|LimitExceeded|ProvisionedThroughputExceeded/,
    'AWS takes no more requests now: try again later',
  ],
  [
    /ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|TimeoutError|ETIMEDOUT|EHOSTUNREACH|socket hang up/,
    'AWS does not answer: check the network, --region, and HTTPS_PROXY (http or https, from Node.js 22.21 and 24.5 on), or the --endpoint of the local stack',
  ],
  [/ERR_PROXY_TUNNEL/, 'the proxy does not let this through to AWS: check HTTPS_PROXY and NO_PROXY'],
  [
    /certificate/,
    "AWS's certificate is not trusted: if a proxy intercepts TLS, set AWS_CA_BUNDLE to the file with its certificates",
  ],
  [
    /InternalFailure|InternalServer|InternalError|ServiceUnavailable/,
    'AWS reported an internal error: try again later',
  ],
];

/** Advice on any other error that a call throws before AWS responds. */
const SETTINGS = 'AWS cannot be called with these settings: check the AWS_ variables, the profile and the proxy';

const callErrors = new WeakSet<Error>();

/** Records the errors that these clients throw: their cause is settings, credentials, the network or AWS, not a defect of this command. */
export function trackErrorsOf(clients: readonly unknown[]): void {
  for (const { middlewareStack } of clients as readonly Pick<DynamoDBClient, 'middlewareStack'>[])
    middlewareStack.add(
      (next) => async (args) => {
        try {
          return await next(args);
        } catch (error) {
          if (error instanceof Error) callErrors.add(error);
          throw error;
        }
      },
      { step: 'initialize', priority: 'high', name: 'trackErrors' },
    );
}

/** True for an error response of an AWS service. */
export const isAnswer = (error: unknown): error is Error => error instanceof Error && '$metadata' in error;

/** The action in IAM's message: `User: … is not authorized to perform: dynamodb:Query on resource: …`. */
const ACTION = /not authorized to perform: (\S+)/;

/** Converts an error of the AWS SDK into one line with advice. Returns any other error, which is a defect, unchanged. */
export function toUserError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof UserError) return error;
  const text = [error.name, error.message, 'code' in error ? error.code : ''].join(' ');
  const [, advice = callErrors.has(error) && !('$fault' in error) ? SETTINGS : undefined] =
    ADVICE.find(([pattern]) => pattern.test(text)) ?? [];
  if (advice === undefined) return isAnswer(error) ? new UserError(`AWS answered ${answerOf(error)}`) : error;
  const [, action] = ACTION.exec(error.message) ?? [];
  if (action) return new UserError(`the credentials lack the permission ${action} (${error.message})`);
  return new UserError(`${advice} (${error.message.trim() || error.name})`);
}

const answerOf = ({ name, message }: Error) => [name, message.trim()].filter(Boolean).join(': ');
