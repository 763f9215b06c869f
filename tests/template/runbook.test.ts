import { readFileSync } from 'node:fs';
import { alarmDefinitions } from '../../template-src/alarms/alarms';
import { alarmSections } from '../../template-src/runbook';

const runbook = readFileSync('docs/runbook.md', 'utf8');
const alarms = Object.values(alarmDefinitions);

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
    expect(command).toMatch(/^(npx --no-install logistics [a-z]+|aws [a-z]+ [a-z-]+) .*\$\{EnvironmentSuffix\}/);
  });
});
