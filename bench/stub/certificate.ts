import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { UserError } from '../../lib/user-error.mjs';

/**
 * Makes a key and a certificate for localhost in a folder: `key.pem`, `certificate.pem`. It signs itself, for a day.
 * @throws UserError without openssl
 */
export function makeCertificate(folder: string): void {
  const made = spawnSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
      ...['-keyout', path.join(folder, 'key.pem'), '-out', path.join(folder, 'certificate.pem')],
    ],
    { encoding: 'utf8' },
  );
  if (made.status === 0) return;
  throw new UserError(
    `openssl cannot make a certificate (${made.error?.message ?? made.stderr.trim()}): install it and run this again`,
  );
}
