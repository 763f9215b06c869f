import { FUNCTION_KEYS } from '../../contracts/functions';
import { METRIC_NAMESPACE } from '../../contracts/metrics';
import { everyLine } from '../support/builders/every-line';
import { HANDLER_ENVIRONMENT } from '../support/builders/handler-environment';
import { isMetrics, type Line, metricsIn } from '../support/builders/log-lines';
import { ofType } from '../support/rendered';
import { METRIC_CATALOGUE } from './metric-catalogue';

interface Widget {
  readonly type: string;
  readonly properties: { readonly title: string; readonly metrics?: readonly (readonly string[])[] };
}

const [[, dashboard] = []] = ofType('AWS::CloudWatch::Dashboard');
const body: string = dashboard?.Properties?.['DashboardBody']['Fn::Sub'];
const widgets: readonly Widget[] = JSON.parse(
  body.replaceAll('${EnvironmentSuffix}', HANDLER_ENVIRONMENT.ENVIRONMENT),
).widgets;

/** A metric with its dimensions, in an order that two of them can be compared by. */
interface Series {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: readonly (readonly [name: string, value: string])[];
}

const byName = ([a = '']: readonly string[], [b = '']: readonly string[]) => a.localeCompare(b);

const graphed = widgets.flatMap(({ properties }) =>
  (properties.metrics ?? []).map(([namespace = '', metric = '', ...rest]): Series => {
    const pairs = rest.flatMap((value, index) => (index % 2 === 0 ? [[value, rest[index + 1] ?? ''] as const] : []));
    return { namespace, metric, dimensions: pairs.sort(byName) };
  }),
);

const line = ({ metric, dimensions }: Series) => `${metric} ${dimensions.map((pair) => pair.join('=')).join(' ')}`;

describe('each widget of AWS’s own metrics', () => {
  const ofAws = graphed.filter(({ namespace }) => namespace !== METRIC_NAMESPACE);

  it.each(ofAws)('$namespace $metric comes with these dimensions', ({ namespace, metric, dimensions }) => {
    const names = dimensions.map(([name]) => name);
    expect(METRIC_CATALOGUE[namespace]?.[metric]?.map((set) => [...set].sort())).toContainEqual(names);
  });
});

describe('the widgets of the application’s own metrics', () => {
  let written: readonly Series[];

  /** Metrics of a line in the embedded metric format: one for each set of dimensions. */
  function read(text: Line): Series[] {
    const { namespace, dimensions, values } = metricsIn(text);
    return Object.keys(values).flatMap((metric) =>
      dimensions.map((names) => ({
        namespace,
        metric,
        dimensions: names.map((name) => [name, String(text[name])] as const).sort(byName),
      })),
    );
  }

  beforeAll(async () => {
    written = (await everyLine()).filter(isMetrics).flatMap(read);
  });

  it('are exactly what the handlers write, with the dimensions that Powertools gives them', () => {
    const own = graphed.filter(({ namespace }) => namespace === METRIC_NAMESPACE);
    const lines = (series: readonly Series[]) => [...new Set(series.map(line))].sort();

    expect(lines(own)).toEqual(lines(written));
    expect(new Set(written.map(({ namespace }) => namespace))).toEqual(new Set([METRIC_NAMESPACE]));
  });

  it('and every function writes some', () => {
    const services = written.flatMap(({ dimensions }) => dimensions.filter(([name]) => name === 'service'));
    expect(new Set(services.map(([, value]) => value))).toEqual(new Set(FUNCTION_KEYS));
  });
});
