import { readFileSync } from 'node:fs';
import { UserError } from '../../lib/user-error.mjs';

/**
 * Certificates that AWS's are held to in place of Node.js's own, as AWS_CA_BUNDLE names their file: the AWS CLI reads it, the AWS SDK does not
 * (docs.aws.amazon.com: cli/latest/userguide/cli-configure-envvars).
 * @throws UserError when the file cannot be read
 */
export function caBundle({ AWS_CA_BUNDLE: file }: NodeJS.ProcessEnv): Buffer | undefined {
  if (!file) return undefined;
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UserError(`AWS_CA_BUNDLE cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}
