import fc from 'fast-check';
import { versionOf } from '../../../src/domain/version';
import { compareByDesign } from '../builders/design-order';
import { versioned } from '../builders/versioned';

describe('the version order', () => {
  it('sorts bytewise exactly as the rule compares', () => {
    fc.assert(
      fc.property(versioned, versioned, (a, b) => {
        const bytes = Buffer.compare(Buffer.from(versionOf(a)), Buffer.from(versionOf(b)));
        expect(Math.sign(bytes)).toBe(Math.sign(compareByDesign(a, b)));
      }),
      { numRuns: 10_000 },
    );
  });

  it.each([
    [
      'a closed status beats a later open one',
      { status: 'delivered', timestamp: 1 },
      { status: 'failed', timestamp: 2 },
    ],
    ['the later of two open ones wins', { status: 'pending', timestamp: 2 }, { status: 'failed', timestamp: 1 }],
    [
      'rank decides within a millisecond',
      { status: 'out_for_delivery', timestamp: 1 },
      { status: 'in_transit', timestamp: 1 },
    ],
    [
      'times of different length compare as numbers',
      { status: 'pending', timestamp: 10 },
      { status: 'pending', timestamp: 9 },
    ],
  ] as const)('%s', (_, winner, loser) => {
    expect(versionOf({ event_id: 'a', ...winner }) > versionOf({ event_id: 'z', ...loser })).toBe(true);
  });
});
