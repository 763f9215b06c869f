import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Machine } from './machine';

const JDK = `#!/bin/sh
case "$1" in
  -version) echo 'openjdk version "17.0.15" 2025-04-15' >&2 ;;
  --list-modules) echo jdk.compiler@17.0.15 ;;
esac
`;

/** A Maven that copies one jar to the given folder. */
const MAVEN = `#!/bin/sh
for argument in "$@"; do
  case "$argument" in -DoutputDirectory=*) echo jar > "\${argument#*=}/event-ruler.jar" ;; esac
done
`;

let machine: Machine;

beforeEach(() => {
  machine = new Machine();
  machine.install('java', JDK);
  machine.install('mvn', MAVEN);
});

afterEach(() => machine.remove());

const run = (env: NodeJS.ProcessEnv = {}) => machine.node(['tools/test.mjs', '--selectProjects', 'engines'], env).ended;

const tools = () => readdirSync(path.join(machine.clone, '.tools')).sort();

const INSTALL_JDK =
  'install a JDK 17 or later (Debian and Ubuntu: apt install openjdk-17-jdk-headless) and run this again';

describe('the tests on AWS’s engines', () => {
  it.each([
    ['no Java', 'java', undefined, `no Java found: ${INSTALL_JDK}`],
    ['an old Java', 'java', JDK.replace('17.0.15', '1.8.0_422'), `Java 8 is too old: ${INSTALL_JDK}`],
    [
      'Java without a compiler',
      'java',
      JDK.replace('jdk.compiler', 'java.base'),
      `Java 17 has no compiler: ${INSTALL_JDK}`,
    ],
    [
      'no Maven',
      'mvn',
      undefined,
      'no Maven found: install it (Debian and Ubuntu: apt install maven) and run this again',
    ],
  ])('with %s, one line says what to install, before anything is set up', async (_, command, script, message) => {
    machine.uninstall(command);
    if (script) machine.install(command, script);

    expect(await run()).toEqual({ code: 1, output: message });
    expect(existsSync(path.join(machine.clone, '.tools'))).toBe(false);
  });

  it.each(['https://dynamodb.us-east-1.amazonaws.com', 'http://10.0.0.7:8000', '8000', 'http://127.0.0.1'])(
    'takes DynamoDB Local on this machine only: %s is refused in one line',
    async (endpoint) => {
      const message = `DYNAMODB_LOCAL is ${endpoint}: name an engine on this machine, like http://127.0.0.1:8000`;
      expect(await run({ DYNAMODB_LOCAL: endpoint })).toEqual({ code: 2, output: message });
    },
  );

  it('resolves the matcher’s class path once, beside the other tools', async () => {
    expect((await run()).output).toMatch(/set-up 3\/3: EventBridge's matcher … \d+ s\n/);
    expect((await run()).output).not.toContain('set-up');
    expect(tools()).toEqual(['event-ruler', 'sam']);
  });

  it('says so when Maven cannot resolve it, and leaves nothing half-done', async () => {
    machine.install(
      'mvn',
      '#!/bin/sh\n[ "$1" = -version ] && exit\necho "[ERROR] Could not find artifact x -> [Help 1]"\nexit 1\n',
    );

    const { code, output } = await run();

    expect(code).toBe(1);
    expect(output).toContain(
      "failed\nEventBridge's matcher cannot be installed ([ERROR] Could not find artifact x -> [Help 1]): check the network",
    );
    expect(tools()).toEqual(['sam']);
  });
});
