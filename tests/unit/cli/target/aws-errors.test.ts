import { toUserError } from '../../../../cli/target/aws-errors';
import { UserError } from '../../../../lib/user-error.mjs';

/** An error as the AWS SDK or the network throws it. */
const thrown = (name: string, message: string, code?: string) =>
  Object.assign(new Error(message), { name, ...(code && { code }) });

describe('what AWS says', () => {
  it.each([
    ['CredentialsProviderError', 'Could not load credentials from any providers', 'no AWS credentials: log in'],
    [
      'TokenProviderError',
      'Token is expired. To refresh this SSO session run aws sso login',
      'the SSO session is over: `aws sso login --profile {profile}`',
    ],
    [
      'CredentialsProviderError',
      'Profile ops requires multi-factor authentication, but no MFA code callback was provided.',
      '`eval "$(aws configure export-credentials --profile {profile} --format env)"` asks for it',
    ],
    ['ExpiredTokenException', 'The security token included in the request is expired', 'or have expired; log in again'],
    [
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
      'refuses the credentials',
    ],
    [
      'InvalidClientTokenId',
      'the call is not signed with the access key of this start',
      'export the four lines that its `npm start` printed',
    ],
    ['RequestExpired', 'Request has expired', "check this machine's clock"],
    ['ResourceNotFoundException', 'Requested resource not found', 'the stack was not found: check --env, --region'],
    ['QueueDoesNotExist', 'The specified queue does not exist.', 'the stack was not found'],
    ['ThrottlingException', 'Rate exceeded', 'AWS takes no more requests now'],
    ['InternalFailure', 'We encountered an internal error', 'AWS reported an internal error'],
    [
      'AccessDeniedException',
      'KMS key access denied error: arn:aws:kms:us-east-1:123456789012:key/data is disabled. (Service: AWSKMS; Status Code: 400)',
      'the key of a table cannot be used: `npx --no-install logistics doctor` says which',
    ],
    [
      'KMSAccessDeniedException',
      'The ciphertext refers to a key that is not there',
      'the key of a table cannot be used',
    ],
    ['Error', 'self-signed certificate in certificate chain', 'in AWS_CA_BUNDLE'],
    ['Error', 'Region is missing', 'no AWS region: give --region'],
    ['Error', 'Region not accepted: region="x y" is not a valid hostname component.', 'check --region'],
  ])('%s is one line that says what to do', (name, message, advice) => {
    const error = toUserError(thrown(name, message));

    expect(error).toBeInstanceOf(UserError);
    expect(String(error)).toContain(advice);
    expect(String(error)).toContain(message);
  });

  it('names the action that a permission is missing for', () => {
    const message =
      'User: arn:aws:iam::123456789012:user/eve is not authorized to perform: dynamodb:Query on resource: arn:…:table/t';

    expect(String(toUserError(thrown('AccessDeniedException', message)))).toBe(
      `Error: the credentials lack the permission dynamodb:Query (${message})`,
    );
  });

  it('without advice is shown as AWS said it: it is no defect', () => {
    const answer = (name: string, message: string) => Object.assign(thrown(name, message), { $metadata: {} });

    for (const [name, message, line] of [
      ['ValidationException', 'The table is odd', 'ValidationException: The table is odd'],
      ['UnknownError', '', 'UnknownError'],
    ] as const) {
      const error = toUserError(answer(name, message));
      expect(error).toBeInstanceOf(UserError);
      expect(String(error)).toBe(`Error: AWS answered ${line}`);
    }
  });

  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ECONNRESET'])('a network without AWS (%s) is named', (code) => {
    expect(String(toUserError(thrown('Error', '', code)))).toContain('AWS does not answer: check the network');
  });

  it('a defect of ours stays a defect', () => {
    const defect = new TypeError("Cannot read properties of undefined (reading 'x')");

    expect(toUserError(defect)).toBe(defect);
  });
});
