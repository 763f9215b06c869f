import { QUERIES } from '../../../template-src/monitoring/queries';
import { everyLine } from '../../support/builders/every-line';
import type { Line } from '../../support/builders/log-lines';

/** The words of the query language that these queries use, beside names of fields. */
const LANGUAGE = new Set(
  'fields filter sort limit stats by as and or in asc desc count count_distinct max pct bin ispresent'.split(' '),
);

/** The fields a query names: not the language, comments, texts, what it names itself (`as`), or CloudWatch's own (`@…`). */
function fieldsOf(query: readonly string[]): Set<string> {
  const code = query
    .filter((line) => !line.startsWith('#'))
    .join(' ')
    .replace(/"[^"]*"/g, '');
  const aliases = new Set([...code.matchAll(/ as (\w+)/g)].map(([, alias = '']) => alias));
  const words = code.replace(/@\w+/g, '').match(/\b[A-Za-z_]\w*/g) ?? [];
  return new Set(words.filter((word) => !LANGUAGE.has(word) && !aliases.has(word)));
}

describe('a saved query', () => {
  let lines: readonly Line[];

  beforeAll(async () => {
    lines = await everyLine();
  });

  it.each(Object.entries(QUERIES))('"%s" names fields that the functions log', (_, { query }) => {
    const logged = new Set(lines.flatMap((line) => Object.keys(line)));

    const asked = fieldsOf(query);

    expect(asked.size).toBeGreaterThan(0);
    expect([...asked].filter((field) => !logged.has(field))).toEqual([]);
  });

  it.each(Object.entries(QUERIES))('"%s" compares with values that the functions log', (_, { query }) => {
    const logged = new Set(lines.flatMap((line) => Object.values(line)));

    const compared = [...query.join(' ').matchAll(/"([^"]+)"/g)].map(([, value]) => value);

    expect(compared.filter((value) => value !== 'SHP-7' && !logged.has(value))).toEqual([]);
  });
});
