/** Commands that texts suggest exist. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { alarmDefinitions } from '../../../template-src/monitoring/alarms';

/** Texts that suggest the operator's command. */
const DOCUMENTS = [
  'README.md',
  'docs/architecture.md',
  'docs/conformance.md',
  'docs/cost.md',
  'docs/deploy.md',
  'docs/runbook.md',
];

const help = (...command: string[]) =>
  execFileSync(process.execPath, ['cli/logistics.mjs', ...command, '--help'], { encoding: 'utf8', stdio: 'pipe' });

/** Each command of ours in a text, up to where its code, line or pipe ends. */
const commandsIn = (text: string) =>
  [...text.matchAll(/npx (?:--no-install )?logistics ([^`\n|#]+)/g)].map(([, command = '']) => command.trim());

const shown = new Set([
  ...Object.values(alarmDefinitions).flatMap(({ command }) =>
    commandsIn(command.replace('${EnvironmentSuffix}', '{env}')),
  ),
  ...DOCUMENTS.flatMap((file) => commandsIn(readFileSync(file, 'utf8'))),
]);

describe('a command that is to be typed', () => {
  it.each(DOCUMENTS.filter((file) => file !== 'README.md'))('in %s runs no package of the registry', (file) => {
    expect(readFileSync(file, 'utf8')).not.toContain('npx logistics');
  });

  it.each(DOCUMENTS)('in %s has no placeholder that a shell takes for a redirection', (file) => {
    const code = readFileSync(file, 'utf8').match(/^ *```sh\n[\s\S]*?```|`(?:npx|aws|sam) [^`]*`/gm);

    expect((code ?? []).filter((text) => /<[a-z]/.test(text))).toEqual([]);
  });
});

const general = help();
const commands = [...general.matchAll(/^ {2}([a-z]+) (?=[ <[])/gm)].map(([, name = '']) => name);
const usages = new Map(commands.map((name) => [name, general + help(name)]));

it.each([...shown])('one can type: %s', (command) => {
  const [name = '', ...words] = command.split(/\s+/);
  const usage = usages.get(name);

  expect(commands).toContain(name);
  for (const word of words.filter((each) => each.startsWith('--'))) expect(usage).toContain(word);
});
