/** Event patterns, made from the contracts. Pairs of source and detail-type are kept apart: merging them would match their product. */
import type { EventContract } from '../../contracts/define-event';

type Route = Pick<EventContract, 'source' | 'detailType'>;

interface RoutePattern {
  readonly source: readonly unknown[];
  readonly 'detail-type'?: readonly unknown[];
}

export type Pattern = RoutePattern | { readonly $or: readonly RoutePattern[] };

function bySource(routes: readonly Route[]): [source: string, detailTypes: string[]][] {
  const sources = [...new Set(routes.map(({ source }) => source))].sort();
  return sources.map((source) => [
    source,
    routes
      .filter((route) => route.source === source)
      .map(({ detailType }) => detailType)
      .sort(),
  ]);
}

const oneOf = (patterns: readonly RoutePattern[]): Pattern => {
  const [only] = patterns;
  return patterns.length === 1 && only ? only : { $or: patterns };
};

/** Matches exactly the events of these contracts. */
export const patternOf = (routes: readonly Route[]): Pattern =>
  oneOf(bySource(routes).map(([source, detailTypes]) => ({ source: [source], 'detail-type': detailTypes })));

/** Matches the events of no such source. */
export const patternOfOtherSources = (...sources: readonly string[]): RoutePattern => ({
  source: [{ 'anything-but': sources }],
});

/**
 * Matches exactly the events of none of these contracts: another source, or a known source with another detail-type.
 * @param others sources whose events are not for this system
 */
export function patternOfOthers(routes: readonly Route[], ...others: readonly string[]): Pattern {
  const sources = bySource(routes);
  return oneOf([
    patternOfOtherSources(...sources.map(([source]) => source), ...others),
    ...sources.map(([source, detailTypes]) => ({
      source: [source],
      'detail-type': [{ 'anything-but': detailTypes }],
    })),
  ]);
}
