/** Commands in documents and alarms: they exist, with their options, and are safe to type. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { COMMANDS } from '../../../cli/commands';
import { createProgram } from '../../../cli/program';
import { alarmDefinitions } from '../../../template-src/monitoring/alarms';

/** Documents that show the operator's command. */
const DOCUMENTS = [
  'README.md',
  'docs/architecture.md',
  'docs/conformance.md',
  'docs/cost.md',
  'docs/deploy.md',
  'docs/runbook.md',
];

/** Commands in a text, each up to the end of its code, line or pipe stage. */
const commandsIn = (text: string) =>
  [...text.matchAll(/npx (?:--no-install )?logistics ([^`\n|#]+)/g)].map(([, command = '']) => command.trim());

const shown = new Set([
  ...Object.values(alarmDefinitions).flatMap(({ command }) =>
    commandsIn(command.replace('${EnvironmentSuffix}', '{env}')),
  ),
  ...DOCUMENTS.flatMap((file) => commandsIn(readFileSync(file, 'utf8'))),
]);

it.each(DOCUMENTS.filter((file) => file !== 'README.md'))('%s shows no command that npx could install', (file) => {
  expect(readFileSync(file, 'utf8')).not.toContain('npx logistics');
});

it.each(DOCUMENTS)('%s has no placeholder that a shell reads as a redirection', (file) => {
  const code = readFileSync(file, 'utf8').match(/^ *```sh\n[\s\S]*?```|`(?:npx|aws|sam) [^`]*`/gm);

  expect((code ?? []).filter((text) => /<[a-z]/.test(text))).toEqual([]);
});

const program = createProgram(COMMANDS);
const optionsOf = ({ options }: Command) => options.map(({ long }) => long);
const options = new Map(
  program.commands.map((command) => [command.name(), [...optionsOf(program), ...optionsOf(command)]]),
);

it.each([...shown])('exists with its options: %s', (command) => {
  const [name = '', ...words] = command.split(/\s+/);

  expect([...options.keys()]).toContain(name);
  for (const word of words.filter((text) => /^--\w/.test(text))) expect(options.get(name)).toContain(word);
});
