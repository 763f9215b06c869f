import { QUERIES } from '../../../template-src/monitoring/queries';
import { everyLine } from '../../support/builders/every-line';
import type { Line } from '../../support/builders/log-lines';

/** Words of the query language that the queries use. */
const LANGUAGE = new Set(
  'fields filter sort limit stats by as and or in asc desc count count_distinct max pct bin ispresent'.split(' '),
);

/** Fields that a query names, without its own aliases (`as`) and CloudWatch's fields (`@…`). */
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

    const named = fieldsOf(query);

    expect(named.size).toBeGreaterThan(0);
    expect([...named].filter((field) => !logged.has(field))).toEqual([]);
  });

  it.each(Object.entries(QUERIES))('"%s" compares with values that the functions log', (_, { query }) => {
    const logged = new Set(lines.flatMap((line) => Object.values(line)));

    const compared = [...query.join(' ').matchAll(/"([^"]+)"/g)].map(([, value]) => value);

    expect(compared.filter((value) => value !== 'SHP-7' && !logged.has(value))).toEqual([]);
  });
});
