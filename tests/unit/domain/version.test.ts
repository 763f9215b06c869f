import fc from 'fast-check';
import { eventOfVersion, versionOf } from '../../../src/domain/version';
import { compareByDesign } from '../../support/builders/design-order';
import { versioned } from '../../support/builders/versioned';

describe('a version', () => {
  it('sorts bytewise as the design orders events', () => {
    fc.assert(
      fc.property(versioned, versioned, (a, b) => {
        const bytes = Buffer.compare(Buffer.from(versionOf(a)), Buffer.from(versionOf(b)));
        expect(Math.sign(bytes)).toBe(Math.sign(compareByDesign(a, b)));
      }),
      { numRuns: 1_000 },
    );
  });

  it('is parsed into the event that it was made of', () => {
    fc.assert(fc.property(versioned, (event) => expect(eventOfVersion(versionOf(event))).toEqual(event)));
  });

  it.each([
    ['is a status', 'delivered'],
    ['is of a corrected row', '2#0001772438400000#1#0001772438460000#7#e-1'],
    ['has the rank of a later release', '0#0001772438400000#9#e-1'],
  ])('is refused when it %s', (_, text) => {
    expect(() => eventOfVersion(text)).toThrow(`"${text}" is no event's version`);
  });
});
