import { toUserError } from '../../../../cli/target/aws-errors';
import { UserError } from '../../../../lib/user-error.mjs';

/** The field of an error that a service responded with. */
const ANSWER = { $metadata: {} };

it.each<[name: string, message: string, line: string, fields?: object]>([
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
  ['Error', '', 'AWS does not answer: check the network', { code: 'ECONNREFUSED' }],
  [
    'AccessDeniedException',
    'User: eve is not authorized to perform: dynamodb:Query on resource: arn:…:table/t',
    'Error: the credentials lack the permission dynamodb:Query (User: eve',
  ],
  ['ValidationException', 'The table is odd', 'Error: AWS answered ValidationException: The table is odd', ANSWER],
  ['UnknownError', '', 'Error: AWS answered UnknownError', ANSWER],
])('turns %s: %s into a line with advice', (name, message, line, fields = {}) => {
  const error = toUserError(Object.assign(new Error(message), { name, ...fields }));

  expect(error).toBeInstanceOf(UserError);
  expect(String(error)).toContain(line);
  expect(String(error)).toContain(message);
});

it('returns a defect of this command unchanged', () => {
  const defect = new TypeError("Cannot read properties of undefined (reading 'x')");

  expect(toUserError(defect)).toBe(defect);
});
