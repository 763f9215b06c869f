import { Trouble } from '../local/trouble';

const ADVICE: readonly (readonly [pattern: RegExp, advice: string])[] = [
  [
    /CredentialsProviderError|Could not load credentials/,
    'no AWS credentials: log in, choose --profile, or for a local stack give --endpoint',
  ],
  [/Region is missing/, 'no AWS region: give --region or set AWS_REGION'],
  [
    /ExpiredToken|UnrecognizedClient|InvalidClientTokenId/,
    'AWS refuses the credentials: they are wrong or have expired; log in again',
  ],
  [/AccessDenied|NotAuthorized/, 'the credentials lack a permission'],
  [
    /QueueDoesNotExist|NonExistentQueue|ResourceNotFound/,
    'the stack is not there: check --env, --region and the account',
  ],
  [
    /ECONNREFUSED|ENOTFOUND|TimeoutError|ETIMEDOUT/,
    'AWS does not answer: check the network, or the --endpoint of the local stack',
  ],
];

/** An error of the AWS SDK in one line with what to do; anything else is a defect and stays as it is. */
export function troubleOf(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Trouble) return error;
  const said = [error.name, error.message, 'code' in error ? error.code : ''].join(' ');
  const [, advice] = ADVICE.find(([pattern]) => pattern.test(said)) ?? [];
  return advice === undefined ? error : new Trouble(`${advice} (${error.message.trim() || error.name})`);
}
