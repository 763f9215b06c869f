import fc from 'fast-check';
import { notifiesAbout, planShuffle, type ShufflePlan } from '../../../../demo/page/shuffle/plan';
import { rowByDesign } from '../../../support/builders/design-order';
import { aShipmentEvent } from '../../../support/builders/events';

const seeds = fc.integer({ min: 0, max: 2 ** 31 });

const plans = fc.tuple(seeds, fc.boolean()).map(([seed, correction]) => planShuffle(seed, 'SHUFFLE-1', correction));

const forEachPlan = (check: (plan: ShufflePlan) => void) => fc.assert(fc.property(plans, check));

describe('a shuffle’s plan', () => {
  it('delivers every event, first deliveries in reverse order', () => {
    forEachPlan(({ day, deliveries }) => {
      const times = day.map(({ detail }) => Date.parse(detail.occurred_at));
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect([...new Set(deliveries)]).toEqual([...day.keys()].reverse());
    });
  });

  it('delivers the events that notify, and others, twice', () => {
    forEachPlan(({ day, deliveries }) => {
      const twice = [...day.keys()].filter((place) => deliveries.indexOf(place) !== deliveries.lastIndexOf(place));
      const notifying = day.flatMap((event, place) => (notifiesAbout(event) ? [place] : []));
      expect(twice).toEqual(expect.arrayContaining(notifying));
      expect(deliveries.length).toBe(day.length + twice.length);
      expect(twice.length).toBeGreaterThan(notifying.length);
    });
  });

  it('ends with an event that is not current, so that the last write is wrong', () => {
    forEachPlan(({ day, deliveries, killed }) => {
      const { status } = rowByDesign(
        day.map(({ 'detail-type': detail_type, detail: { event_id, occurred_at, status } }) =>
          aShipmentEvent({ detail_type, event_id, status, timestamp: Date.parse(occurred_at) }),
        ),
      );
      expect(day[deliveries.at(-1) ?? 0]?.detail.status).not.toBe(status);
      // The retry of the killed attempt may come last.
      expect(day[killed]?.detail.status).not.toBe(status);
    });
  });

  it('kills a delivery in the middle, of an event that is delivered once and does not notify', () => {
    forEachPlan(({ day, deliveries, killed }) => {
      expect(deliveries.filter((place) => place === killed)).toHaveLength(1);
      expect(day.filter(notifiesAbout)).not.toContain(day[killed]);
      expect([0, deliveries.length - 1]).not.toContain(deliveries.indexOf(killed));
    });
  });
});
