import { spawnSync } from 'node:child_process';
import { UserError } from '../lib/user-error.mjs';

const OLDEST_JAVA = 17;

const output = (command, ...args) => {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', timeout: 20_000 });
  return status === 0 ? stdout : undefined;
};

/** @throws UserError unless Maven and a JDK 17 or later are installed; a bare runtime has no compiler for a `.java` file */
export function assertJava() {
  const [, version = 0] = output('java', '--list-modules')?.match(/^jdk\.compiler@(\d+)/m) ?? [];
  if (Number(version) < OLDEST_JAVA)
    throw new UserError(
      `no JDK ${OLDEST_JAVA} or later found: install one (Debian and Ubuntu: apt install openjdk-17-jdk-headless) and run this again`,
    );
  if (output('mvn', '-version') === undefined)
    throw new UserError('no Maven found: install it (Debian and Ubuntu: apt install maven) and run this again');
}
