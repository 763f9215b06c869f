import type { Random } from '../../local/simulation/random';

/** One minute in ten brings five times the ordinary: carriers hand over whole lorries. */
const BURST = { every: 600, lasts: 60, factor: 5 };

/** The ordinary rate, as a share of the average. */
const ORDINARY = 1 / (1 + ((BURST.factor - 1) * BURST.lasts) / BURST.every);

/** How many times the average a burst brings. */
export const PEAK = BURST.factor * ORDINARY;

/** Events of one second, scattered like those of many producers who do not know of each other. */
export function arrivals(rate: number, second: number, random: Random): number {
  const bursts = second % BURST.every >= BURST.every - BURST.lasts;
  const mean = rate * (bursts ? PEAK : ORDINARY);
  return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
}

/** A normal deviate of mean 0 and variance 1, near enough: twelve uniform ones. */
const normal = (random: Random) => Array.from({ length: 12 }, () => random.next()).reduce((sum, one) => sum + one, -6);
