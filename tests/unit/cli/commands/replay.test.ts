import { spanOf } from '../../../../cli/commands/replay';

it.each([
  ['yesterday', '2026-03-02T00:00:00Z', '--from is "yesterday": give a time like'],
  ['2026-03-01T00:00:00Z', '2026-03-02', '--to is "2026-03-02": give a time like'],
  ['2026-03-02T00:00:00Z', '2026-03-02T00:00:00Z', 'is not before --to'],
])('refuses a span from %s to %s, and names the option', (from, to, problem) => {
  expect(() => spanOf(from, to)).toThrow(problem);
});
