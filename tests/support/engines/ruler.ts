import path from 'node:path';
import { toolFolder } from '../../../lib/tools.mjs';
import type { Pattern } from '../../../template-src/bus/patterns';
import { ask } from './ask';

interface Question {
  /** Patterns by the names of their rules. */
  readonly rules: Readonly<Record<string, Pattern>>;
  readonly events: readonly object[];
}

/** The names of the rules that match each event of each question, by EventBridge's own matcher. */
export function matchingRules(questions: readonly Question[]): string[][][] {
  const lines = questions.map((question) => JSON.stringify(question)).join('\n');
  const answer = ask(
    'java',
    ['-cp', path.join(toolFolder('event-ruler'), '*'), path.join(__dirname, 'Matcher.java')],
    lines,
  );
  return answer
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}
