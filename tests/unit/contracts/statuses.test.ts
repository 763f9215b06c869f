import { STATUSES, statusRule } from '../../../contracts/statuses';

it('each status has a rank of its own that compares as a fraction', () => {
  const ranks = STATUSES.map((status) => statusRule(status).rank);
  expect(new Set(ranks).size).toBe(ranks.length);
  for (const rank of ranks) expect(rank).toMatch(/^(0|\d*[1-9])$/);
});

it.each(STATUSES)('%s is followed by other statuses unless it is closed, and by none twice', (status) => {
  const { closed, next } = statusRule(status);
  expect(next.length === 0).toBe(closed);
  expect(new Set(next).size).toBe(next.length);
  expect(STATUSES.filter((each) => each !== status)).toEqual(expect.arrayContaining([...next]));
});

it.each(STATUSES.filter((status) => status !== 'pending'))('%s is expected after a status', (status) => {
  expect(STATUSES.filter((each) => statusRule(each).next.includes(status))).not.toEqual([]);
});
