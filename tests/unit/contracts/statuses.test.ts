import { STATUSES, statusRule } from '../../../contracts/statuses';

it('each status has a unique rank that compares as a fraction', () => {
  const ranks = STATUSES.map((status) => statusRule(status).rank);
  expect(new Set(ranks).size).toBe(ranks.length);
  for (const rank of ranks) expect(rank).toMatch(/^(0|\d*[1-9])$/);
});

it.each(STATUSES)('%s lists other statuses after it, each once, unless it is closed', (status) => {
  const { closed, next } = statusRule(status);
  expect(next.length === 0).toBe(closed);
  expect(new Set(next).size).toBe(next.length);
  expect(STATUSES.filter((other) => other !== status)).toEqual(expect.arrayContaining([...next]));
});

it.each(STATUSES.filter((status) => status !== 'pending'))('%s is expected after some status', (status) => {
  expect(STATUSES.some((before) => statusRule(before).next.includes(status))).toBe(true);
});
