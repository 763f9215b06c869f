/** Commands that texts suggest exist. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { COMMANDS } from '../../../cli/commands';
import { createProgram } from '../../../cli/program';
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

const program = createProgram(COMMANDS);
const optionsOf = ({ options }: Command) => options.map(({ long }) => long);
const options = new Map(program.commands.map((each) => [each.name(), [...optionsOf(program), ...optionsOf(each)]]));

it.each([...shown])('one can type: %s', (command) => {
  const [name = '', ...words] = command.split(/\s+/);

  expect([...options.keys()]).toContain(name);
  for (const word of words.filter((each) => /^--\w/.test(each))) expect(options.get(name)).toContain(word);
});
