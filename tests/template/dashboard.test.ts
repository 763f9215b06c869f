import { FUNCTION_KEYS } from '../../contracts/functions';
import { METRIC_NAMESPACE } from '../../contracts/metrics';
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

describe('each widget of AWS’s own metrics', () => {
  const ofAws = graphed.filter(({ namespace }) => namespace !== METRIC_NAMESPACE);

  it.each(ofAws)('has the dimensions with which AWS publishes $namespace $metric', (series) => {
    const names = series.dimensions.map((pair) => pair.replace(/=.*/, ''));
    expect(METRIC_CATALOGUE[series.namespace]?.[series.metric]).toContainEqual(names);
  });
});

describe('the widgets of the application’s own metrics', () => {
  let written: readonly Series[];

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

  beforeAll(async () => {
    written = (await everyLine()).filter(isMetrics).flatMap(read);
  });

  it('show exactly the metrics that the handlers write', () => {
    const own = graphed.filter(({ namespace }) => namespace === METRIC_NAMESPACE);
    const lines = (series: readonly Series[]) => [...new Set(series.map((one) => JSON.stringify(one)))].sort();

    expect(lines(own)).toEqual(lines(written));
  });

  it('show metrics of every function', () => {
    const services = written.flatMap(({ dimensions }) => dimensions.filter((pair) => pair.startsWith('service=')));
    expect(new Set(services)).toEqual(new Set(FUNCTION_KEYS.map((key) => `service=${key}`)));
  });
});
