import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { toUserError } from '../../../../cli/target/aws-errors';
import { UserError } from '../../../../lib/user-error.mjs';
import { temporaryFolder } from '../../../support/after-tests';
import { run } from '../run';

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

describe('settings with which AWS cannot be called', () => {
  const config = path.join(temporaryFolder('settings'), 'config');
  const before = process.env;

  beforeAll(() => writeFileSync(config, '[default]\nsso_session=x\nsso_account_id=1\nsso_role_name=r\n'));
  afterEach(() => {
    process.env = before;
  });

  it.each<[NodeJS.ProcessEnv, string]>([
    [{ AWS_DEFAULTS_MODE: 'bad' }, 'Invalid parameter for "defaultsMode"'],
    [{ AWS_ACCOUNT_ID_ENDPOINT_MODE: 'required' }, 'AccountIdEndpointMode is required'],
    [{ AWS_ACCESS_KEY_ID: '', AWS_CONFIG_FILE: config }, ''],
  ])('are a user error: %j', async (settings, reason) => {
    const credentials = { AWS_ACCESS_KEY_ID: 'AKIAX', AWS_SECRET_ACCESS_KEY: 's' };
    process.env = {
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      ...credentials,
      ...settings,
    };

    const error = await run('errors').catch(toUserError);

    expect(error).toBeInstanceOf(UserError);
    expect(String(error)).toContain(
      `AWS cannot be called with these settings: check the AWS_ variables, the profile and the proxy (${reason}`,
    );
  });
});
