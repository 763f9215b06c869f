/** Event patterns, built from the contracts. Each source keeps its own detail-types: merged lists would match every combination. */
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

const anyOf = (patterns: readonly RoutePattern[]): Pattern => {
  const [only] = patterns;
  return patterns.length === 1 && only ? only : { $or: patterns };
};

/** Matches exactly the events of these contracts. */
export const patternOf = (routes: readonly Route[]): Pattern =>
  anyOf(bySource(routes).map(([source, detailTypes]) => ({ source: [source], 'detail-type': detailTypes })));

/** Matches the events of all other sources. */
export const patternOfOtherSources = (...sources: readonly string[]): RoutePattern => ({
  source: [{ 'anything-but': sources }],
});

/**
 * Matches exactly the events that match none of these contracts: another source, or a contract's source with another detail-type.
 * @param ignoredSources sources whose events are not for this system
 */
export function patternOfUnrouted(routes: readonly Route[], ...ignoredSources: readonly string[]): Pattern {
  const sources = bySource(routes);
  return anyOf([
    patternOfOtherSources(...sources.map(([source]) => source), ...ignoredSources),
    ...sources.map(([source, detailTypes]) => ({
      source: [source],
      'detail-type': [{ 'anything-but': detailTypes }],
    })),
  ]);
}
