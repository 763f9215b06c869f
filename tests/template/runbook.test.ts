import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { alarmDefinitions } from '../../template-src/alarms/alarms';
import { alarmSections } from '../../template-src/runbook';

/** What tells people to type the operator's command. */
const DOCUMENTS = ['README.md', 'docs/architecture.md', 'docs/cost.md', 'docs/deploy.md', 'docs/runbook.md'].filter(
  existsSync,
);

const runbook = readFileSync('docs/runbook.md', 'utf8');
const alarms = Object.values(alarmDefinitions);

const help = (...command: string[]) =>
  execFileSync(process.execPath, ['bin/logistics.mjs', ...command, '--help'], { encoding: 'utf8', stdio: 'pipe' });

/** Each command of ours in a text, up to where its code, line or pipe ends. */
const commandsIn = (text: string) =>
  [...text.matchAll(/(?:npx )logistics ([^`\n|#]+)/g)].map(([, command = '']) => command.trim());

const told = new Set([
  ...alarms.flatMap(({ command }) => commandsIn(command.replace('${EnvironmentSuffix}', '{env}'))),
  ...DOCUMENTS.flatMap((file) => commandsIn(readFileSync(file, 'utf8'))),
]);

describe('the runbook', () => {
  it('has each alarm as it is defined', () => {
    expect(runbook).toContain(alarmSections());
    for (const { name } of alarms) expect(runbook).toContain(`| \`${name}-{env}\` |`);
  });

  it('has one meaning and one place to look for each kind of alarm', () => {
    const texts = new Set(alarms.map(({ kind, meaning, look }) => JSON.stringify([kind, meaning, look])));
    expect(texts.size).toBe(new Set(alarms.map(({ kind }) => kind)).size);
  });
});

describe('an alarm’s command', () => {
  it.each(alarms)('$name: $command', ({ command }) => {
    expect(command).toMatch(/^(npx logistics [a-z]+|aws [a-z]+ [a-z-]+) .*\$\{EnvironmentSuffix\}/);
  });
});

describe('the operator’s command', () => {
  const commands = [...help().matchAll(/^ {2}([a-z]+) (?=[ <[])/gm)].map(([, name = '']) => name);
  const usages = new Map(commands.map((name) => [name, help() + help(name)]));

  it.each([...told])('can do what people are told to type: %s', (command) => {
    const [name = '', ...words] = command.split(/\s+/);
    const usage = usages.get(name);

    expect(commands).toContain(name);
    for (const word of words.filter((each) => each.startsWith('--'))) expect(usage).toContain(word);
  });
});
