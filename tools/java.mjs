import { spawnSync } from 'node:child_process';
import { UserError } from '../lib/user-error.mjs';

const OLDEST_JAVA = 17;

const output = (command, args) => {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: 20_000 });
  return status === 0 ? stdout + stderr : undefined;
};

/** @throws UserError unless Maven and a JDK 17 or later are installed; a bare runtime cannot compile a `.java` file */
export function assertJava() {
  const install = `install a JDK ${OLDEST_JAVA} or later (Debian and Ubuntu: apt install openjdk-17-jdk-headless) and run this again`;
  const [, version] = output('java', ['-version'])?.match(/version "(?:1\.)?(\d+)/) ?? [];
  if (version === undefined) throw new UserError(`no Java found: ${install}`);
  if (Number(version) < OLDEST_JAVA) throw new UserError(`Java ${version} is too old: ${install}`);
  if (!output('java', ['--list-modules'])?.includes('jdk.compiler'))
    throw new UserError(`Java ${version} has no compiler: ${install}`);
  if (output('mvn', ['-version']) === undefined)
    throw new UserError('no Maven found: install it (Debian and Ubuntu: apt install maven) and run this again');
}
