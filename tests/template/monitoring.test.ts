/** The dashboard and the saved queries, against the lines that the handlers write. */
import { FUNCTION_KEYS } from '../../contracts/functions';
import { METRIC_NAMESPACE } from '../../contracts/metrics';
import { QUERIES } from '../../template-src/monitoring/queries';
import { everyLine } from '../support/builders/every-line';
import { HANDLER_ENVIRONMENT } from '../support/builders/handler-environment';
import { isMetrics, type Line, metricsIn } from '../support/builders/log-lines';
import { ofType } from '../support/rendered';
import { METRIC_CATALOGUE } from './metric-catalogue';

interface Widget {
  readonly properties: { readonly metrics?: readonly (readonly string[])[] };
}

const [[, dashboard] = []] = ofType('AWS::CloudWatch::Dashboard');
const body: string = dashboard?.Properties?.['DashboardBody']['Fn::Sub'];
const widgets: readonly Widget[] = JSON.parse(
  body.replaceAll('${EnvironmentSuffix}', HANDLER_ENVIRONMENT.ENVIRONMENT),
).widgets;

interface Series {
  readonly namespace: string;
  readonly metric: string;
  /** `name=value`, in alphabetical order. */
  readonly dimensions: readonly string[];
}

const graphed = widgets.flatMap(({ properties }) =>
  (properties.metrics ?? []).map(([namespace = '', metric = '', ...rest]): Series => {
    const pairs = rest.flatMap((value, index) => (index % 2 === 0 ? [`${value}=${rest[index + 1]}`] : []));
    return { namespace, metric, dimensions: pairs.sort() };
  }),
);

let lines: readonly Line[];

beforeAll(async () => {
  lines = await everyLine();
});

describe('each widget of AWS’s own metrics', () => {
  const ofAws = graphed.filter(({ namespace }) => namespace !== METRIC_NAMESPACE);

  it.each(ofAws)('has the dimensions with which AWS publishes $namespace $metric', (series) => {
    const names = series.dimensions.map((pair) => pair.replace(/=.*/, ''));
    expect(METRIC_CATALOGUE[series.namespace]?.[series.metric]).toContainEqual(names);
  });
});

describe('the widgets of the application’s own metrics', () => {
  /** Metrics of a line in the embedded metric format: one for each set of dimensions. */
  function read(line: Line): Series[] {
    const { namespace, dimensions, values } = metricsIn(line);
    return Object.keys(values).flatMap((metric) =>
      dimensions.map((names) => ({
        namespace,
        metric,
        dimensions: names.map((name) => `${name}=${line[name]}`).sort(),
      })),
    );
  }

  const written = () => lines.filter(isMetrics).flatMap(read);

  it('show exactly the metrics that the handlers write', () => {
    const own = graphed.filter(({ namespace }) => namespace === METRIC_NAMESPACE);
    const distinct = (series: readonly Series[]) => [...new Set(series.map((one) => JSON.stringify(one)))].sort();

    expect(distinct(own)).toEqual(distinct(written()));
  });

  it('show metrics of every function', () => {
    const services = written().flatMap(({ dimensions }) => dimensions.filter((pair) => pair.startsWith('service=')));
    expect(new Set(services)).toEqual(new Set(FUNCTION_KEYS.map((key) => `service=${key}`)));
  });
});

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

describe.each(Object.entries(QUERIES))('the saved query "%s"', (_, { query }) => {
  it('names fields that the functions log', () => {
    const logged = new Set(lines.flatMap((line) => Object.keys(line)));

    const named = fieldsOf(query);

    expect(named.size).toBeGreaterThan(0);
    expect([...named].filter((field) => !logged.has(field))).toEqual([]);
  });

  it('compares with values that the functions log', () => {
    const logged = new Set(lines.flatMap((line) => Object.values(line)));

    const compared = [...query.join(' ').matchAll(/"([^"]+)"/g)].map(([, value]) => value);

    expect(compared.filter((value) => value !== 'SHP-7' && !logged.has(value))).toEqual([]);
  });
});
