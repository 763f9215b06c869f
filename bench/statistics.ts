export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly greatest: number;
}

/** The value below which this share of the samples lies; interpolated. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  if (below === undefined || above === undefined) throw new Error('there are no samples');
  return below + (above - below) * (place % 1);
}

export const mean = (samples: readonly number[]) => samples.reduce((sum, sample) => sum + sample, 0) / samples.length;

export const median = (samples: readonly number[]) => quantile(samples, 0.5);

/**
 * The ratio of the medians of two contestants that were measured in turns, with the least and the greatest ratio of five parts of the rounds,
 * which show disturbances.
 */
export function ratio(samples: readonly number[], base: readonly number[]): Spread {
  const parts = 5;
  const ratios = Array.from({ length: parts }, (_, part) => {
    const ofPart = (_sample: number, round: number) => round % parts === part;
    return median(samples.filter(ofPart)) / median(base.filter(ofPart));
  });
  return {
    median: median(samples) / median(base),
    least: Math.min(...ratios),
    greatest: Math.max(...ratios),
  };
}
