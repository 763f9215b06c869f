import { readFileSync } from 'node:fs';
import { alarmSections } from '../../../tools/generate/runbook';

it('the runbook has each alarm as it is defined', () => {
  expect(readFileSync('docs/runbook.md', 'utf8')).toContain(alarmSections());
});
