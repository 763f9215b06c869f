import { readFileSync } from 'node:fs';
import { IMPORTABLE } from '../../cli/teardown/import-again';
import { patternOf, patternOfUnrouted } from '../../template-src/bus/patterns';
import { ofType, rendered } from '../support/rendered';
import { violations } from './rules/rule';
import { RULES } from './rules/rules';

describe('in the template', () => {
  it.each(Object.entries(RULES))('%s', (_, rule) => {
    expect(violations(rule, rendered)).toEqual([]);
  });
});

describe('import-template.json', () => {
  it('declares each importable resource as the template does, without encryption keys', () => {
    const imported = JSON.parse(readFileSync('import-template.json', 'utf8')).Resources;
    const declared = IMPORTABLE.flatMap(ofType).map(([id, { Properties, ...resource }]) => [
      id,
      {
        ...resource,
        // An import keeps a table's key.
        Properties: {
          ...Properties,
          ...(Properties?.['SSESpecification'] && { SSESpecification: { SSEEnabled: true } }),
        },
      },
    ]);
    expect(imported).toEqual(Object.fromEntries(declared));
  });
});

describe('event patterns', () => {
  const a = { source: 's1', detailType: 'A' };
  const b = { source: 's1', detailType: 'B' };
  const c = { source: 's2', detailType: 'C' };

  it('keep pairs of source and detail-type apart', () => {
    expect(patternOf([b, a])).toEqual({ source: ['s1'], 'detail-type': ['A', 'B'] });
    expect(patternOf([a, c])).toEqual({
      $or: [
        { source: ['s1'], 'detail-type': ['A'] },
        { source: ['s2'], 'detail-type': ['C'] },
      ],
    });
  });

  it('of unrouted events are the exact complement', () => {
    expect(patternOfUnrouted([a, b, c])).toEqual({
      $or: [
        { source: [{ 'anything-but': ['s1', 's2'] }] },
        { source: ['s1'], 'detail-type': [{ 'anything-but': ['A', 'B'] }] },
        { source: ['s2'], 'detail-type': [{ 'anything-but': ['C'] }] },
      ],
    });
  });
});
