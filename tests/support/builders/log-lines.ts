/** A log line of a function, parsed. */
export type Line = Readonly<Record<string, unknown>>;

/**
 * Runs the work and returns the lines that it writes to stdout and stderr, which do not reach the terminal.
 * @throws SyntaxError for a line that is not JSON, whose fields CloudWatch could not read either
 */
export async function capturedLines(work: () => Promise<void>): Promise<Line[]> {
  const chunks: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation((chunk) => {
      chunks.push(String(chunk));
      return true;
    }),
  );
  try {
    await work();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return chunks
    .join('')
    .split('\n')
    .filter(Boolean)
    .map((line): Line => JSON.parse(line));
}

interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
}

/** True for a line from which CloudWatch reads metrics (embedded metric format). */
export const isMetrics = (line: Line) => '_aws' in line;

/** Metrics that CloudWatch reads from a line in the embedded metric format. */
export function metricsIn(line: Line | undefined) {
  if (line === undefined) throw new Error('no line of metrics was written');
  const { CloudWatchMetrics } = line['_aws'] as { CloudWatchMetrics: readonly [Directive] };
  const [{ Namespace, Dimensions, Metrics }] = CloudWatchMetrics;
  return {
    namespace: Namespace,
    dimensions: Dimensions,
    units: Object.fromEntries(Metrics.map(({ Name, Unit }) => [Name, Unit])),
    values: Object.fromEntries(Metrics.map(({ Name }) => [Name, Number(line[Name])])),
  };
}
