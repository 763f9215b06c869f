import fc from 'fast-check';
import { statusRule } from '../../../../contracts/statuses';
import { planShuffle } from '../../../../demo/page/shuffle/plan';
import { compareByDesign } from '../../builders/design-order';

const seeds = fc.integer({ min: 0, max: 2 ** 31 });

const plans = seeds.map((seed) => planShuffle(seed, 'SHUFFLE-1'));

describe('a shuffle’s plan', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(planShuffle(7, 'SHUFFLE-1')).toEqual(planShuffle(7, 'SHUFFLE-1'));
    expect(planShuffle(8, 'SHUFFLE-1')).not.toEqual(planShuffle(7, 'SHUFFLE-1'));
  });

  it('delivers every event, the first times in the reverse of their order', () => {
    fc.assert(
      fc.property(plans, ({ day, deliveries }) => {
        const times = day.map(({ detail }) => Date.parse(detail.occurred_at));
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect([...new Set(deliveries)]).toEqual([...day.keys()].reverse());
      }),
    );
  });

  it('delivers events that notify, and more, twice', () => {
    fc.assert(
      fc.property(plans, ({ day, deliveries }) => {
        const twice = [...day.keys()].filter((place) => deliveries.filter((each) => each === place).length === 2);
        const notifying = [...day.keys()].filter(
          (place) => statusRule(day[place]?.detail.status ?? 'pending').notifies,
        );
        expect(twice).toEqual(expect.arrayContaining(notifying));
        expect(deliveries.length).toBe(day.length + twice.length);
        expect(twice.length).toBeGreaterThan(notifying.length);
      }),
    );
  });

  it('ends with an event that is not the current one, so that the last write is the wrong one', () => {
    fc.assert(
      fc.property(plans, ({ day, deliveries, killed }) => {
        const versioned = day.map(({ detail: { status, event_id, occurred_at } }) => ({
          status,
          event_id,
          timestamp: Date.parse(occurred_at),
        }));
        const winner = versioned.reduce((best, event) => (compareByDesign(event, best) > 0 ? event : best));
        expect(versioned[deliveries.at(-1) ?? 0]?.status).not.toBe(winner.status);
        // The killed one's retry may come last of all.
        expect(versioned[killed]?.status).not.toBe(winner.status);
      }),
    );
  });

  it('kills one delivery in the middle, of an event that comes once and does not notify', () => {
    fc.assert(
      fc.property(plans, ({ day, deliveries, killed }) => {
        expect(deliveries.filter((place) => place === killed)).toHaveLength(1);
        expect(statusRule(day[killed]?.detail.status ?? 'delivered').notifies).toBe(false);
        expect([0, deliveries.length - 1]).not.toContain(deliveries.indexOf(killed));
      }),
    );
  });
});
