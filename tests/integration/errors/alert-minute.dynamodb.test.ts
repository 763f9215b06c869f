import { ALERTS_A_MINUTE } from '../../../contracts/notifications';
import { alertMinute } from '../../../src/adapters/alert-minute';
import { databaseOfFile, UNLIMITED } from '../../support/database';

const database = databaseOfFile();

let minutes = 0;
/** The moment in which a minute of its own begins. */
const aMinute = () => Date.UTC(2026, 2, 2, 9, minutes++);

const alert = (id: string, firstSeenAt: number, error_type = 'carrier_feed_down') =>
  alertMinute(
    database().db,
    database().tables.errorEvents,
    { error_id: `external/${id}`, error_type, firstSeenAt },
    UNLIMITED,
  );

const range = (size: number) => Array.from({ length: size }, (_, index) => index);

/** How many of so many events, at once, get a place; each of the type that the function gives its number. */
async function admitted(count: number, at: number, typeOf: (index: number) => string): Promise<number> {
  const places = await Promise.all(range(count).map((index) => alert(`e-${index}`, at + index, typeOf(index)).admit()));
  return places.filter(Boolean).length;
}

describe('a minute of alerts', () => {
  it('has so many places for an error type', async () => {
    const at = aMinute();
    expect(await admitted(25, at, () => 'one')).toBe(ALERTS_A_MINUTE.ofOneType);
    expect(await alert('other', at + 59_999, 'another').admit()).toBe(true);
    expect(await alert('next', at + 60_000, 'one').admit()).toBe(true);
    minutes += 1;
  });

  it('has so many places in all, however many types there are', async () => {
    expect(await admitted(60, aMinute(), (index) => `type ${index} ${'é'.repeat(400)}`)).toBe(ALERTS_A_MINUTE.inAll);
  });

  it('gives the events without a place to one of them', async () => {
    const at = aMinute();
    await admitted(10, at, () => 'one');

    const suppressed = await Promise.all(range(20).map((index) => alert(`s-${index}`, at).suppress()));
    const summarizes = suppressed.map((each) => each.summarizes);
    expect(summarizes.filter(Boolean)).toHaveLength(1);
    const summarizer = summarizes.indexOf(true);
    const counts = await Promise.all(range(20).map((index) => alert(`s-${index}`, at).takeSummary()));

    expect(counts.filter((count) => count !== undefined)).toEqual([20]);
    expect(counts[summarizer]).toBe(20);
  });

  it('counts the same events in each attempt on a summary, and later ones in the next', async () => {
    const at = aMinute();
    await admitted(10, at, () => 'one');
    for (const id of ['a', 'b']) await alert(id, at).suppress();

    const counts = [await alert('a', at).takeSummary()];
    expect(await alert('c', at).suppress()).toEqual({ summarizes: true, summaries: 1 });
    counts.push(await alert('a', at).takeSummary(), await alert('c', at).takeSummary());

    expect(counts).toEqual([2, 2, 1]);
  });

  it('of which nothing is on record has no summary', async () => {
    expect(await alert('lonely', aMinute()).takeSummary()).toBeUndefined();
  });
});
