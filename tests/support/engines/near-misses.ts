import { CONTRACTS } from '../../../contracts/generated/contracts';

/** Words that look like the given one but are different. */
const lookalikes = (word: string): readonly string[] => [
  '',
  word.toUpperCase(),
  word.toLowerCase(),
  word.replace(/^./, (first) => (first === first.toUpperCase() ? first.toLowerCase() : first.toUpperCase())),
  word.slice(0, -1),
  word.slice(1),
  `${word}s`,
  `${word} `,
  ` ${word}`,
  `${word}\n`,
  `${word}\u0000`,
  `${word}*`,
  `*`,
  `"${word}"`,
  word.replace(/[ .]/g, ''),
  word.replace(/[ .]/g, '$&$&'),
  word.replace(/[ .]/g, '_'),
  word.replace(/[ .]/g, '\u00a0'),
  // A Cyrillic letter of the same shape; letters with a combining accent.
  word.replaceAll('e', '\u0435'),
  word.replaceAll('i', 'i\u0301'),
  [...word].reverse().join(''),
];

export interface Route {
  readonly source: string;
  readonly detailType: string;
}

const contracts = Object.values(CONTRACTS).flat();

const withLookalikes = (words: readonly string[]) => [...new Set(words.flatMap((word) => [word, ...lookalikes(word)]))];

const SOURCES = withLookalikes(contracts.map(({ source }) => source));
const DETAIL_TYPES = withLookalikes(contracts.map(({ detailType }) => detailType));

/** Every pair of a source and a detail-type, of a contract or similar; the contracts' own pairs are included. */
export const nearMisses: readonly Route[] = SOURCES.flatMap((source) =>
  DETAIL_TYPES.map((detailType) => ({ source, detailType })),
);
