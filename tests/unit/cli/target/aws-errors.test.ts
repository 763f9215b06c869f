import { toUserError } from '../../../../cli/target/aws-errors';
import { UserError } from '../../../../lib/user-error.mjs';

/** An error as the AWS SDK or the network throws it. */
const thrown = (name: string, message: string, fields: object = {}) =>
  Object.assign(new Error(message), { name, ...fields });

describe('toUserError', () => {
  it.each([
    ['CredentialsProviderError', 'Could not load credentials from any providers', 'no AWS credentials: log in'],
    [
      'TokenProviderError',
      'To refresh this SSO session run aws sso login',
      'expired: run `aws sso login --profile {profile}`',
    ],
    [
      'CredentialsProviderError',
      'Profile ops requires multi-factor authentication, but no MFA code callback was provided.',
      '`eval "$(aws configure export-credentials --profile {profile} --format env)"` asks for it',
    ],
    ['ExpiredTokenException', 'The security token included in the request is expired', 'or have expired; log in again'],
    [
      'InvalidClientTokenId',
      'not signed with the access key of this start',
      'the four lines that its `npm start` printed',
    ],
    ['ResourceNotFoundException', 'Requested resource not found', 'the stack was not found: check --env, --region'],
    [
      'AccessDeniedException',
      'KMS key access denied error: arn:aws:kms:us-east-1:123456789012:key/data is disabled. (Service: AWSKMS; Status Code: 400)',
      'the key of a table cannot be used: `npx --no-install logistics doctor` says which',
    ],
    ['KMSAccessDeniedException', 'The ciphertext refers to no key', 'the key of a table cannot be used'],
    ['Error', 'self-signed certificate in certificate chain', 'set AWS_CA_BUNDLE'],
    ['Error', 'getaddrinfo ENOTFOUND sqs.us-east-1.amazonaws.com', 'AWS does not answer: check the network'],
  ])('adds advice to %s', (name, message, advice) => {
    const error = toUserError(thrown(name, message));

    expect(error).toBeInstanceOf(UserError);
    expect(String(error)).toContain(advice);
    expect(String(error)).toContain(message);
  });

  it('adds advice to an error that has only a code', () => {
    const error = toUserError(thrown('Error', '', { code: 'ECONNREFUSED' }));

    expect(String(error)).toContain('AWS does not answer: check the network');
  });

  it('names the missing permission', () => {
    const message =
      'User: arn:aws:iam::123456789012:user/eve is not authorized to perform: dynamodb:Query on resource: arn:…:table/t';

    expect(String(toUserError(thrown('AccessDeniedException', message)))).toBe(
      `Error: the credentials lack the permission dynamodb:Query (${message})`,
    );
  });

  it.each([
    ['ValidationException', 'The table is odd', 'ValidationException: The table is odd'],
    ['UnknownError', '', 'UnknownError'],
  ])('shows %s as AWS returned it, without advice', (name, message, line) => {
    const error = toUserError(thrown(name, message, { $metadata: {} }));

    expect(error).toBeInstanceOf(UserError);
    expect(String(error)).toBe(`Error: AWS answered ${line}`);
  });

  it('returns a defect of this command unchanged', () => {
    const defect = new TypeError("Cannot read properties of undefined (reading 'x')");

    expect(toUserError(defect)).toBe(defect);
  });
});
