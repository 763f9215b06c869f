/** The middle and the ends of what was measured; one slow sample must not decide. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly greatest: number;
}

/** The value below which this share of the samples lies. */
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
 * The ratio of two things measured in turns: of their medians, with the least and the greatest that a fifth of the rounds gives, so that
 * a disturbance of a few rounds shows.
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
