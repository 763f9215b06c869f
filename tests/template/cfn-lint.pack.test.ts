/** cfn-lint with all its rules, on the template as written and as transformed by SAM. */
import { lintAll, readTemplate } from '../support/engines/sam-tools';
import { gradual, transformed } from '../support/engines/transformed';
import { rendered, resources, turnedOn } from '../support/rendered';

/** Accepted findings of cfn-lint, with their reasons. */
const ACCEPTED: Readonly<Record<string, string>> = {
  I3011:
    'A retained log group would block its name for the next stack; failures are in the error table and the queues, which outlive the stack.',
  I4010: 'Notes on the architecture for machines, in Metadata: ours are in docs/architecture.md.',
};

const ACCEPTED_WHEN_ON: typeof ACCEPTED = {
  ...ACCEPTED,
  W1028: 'Where a parameter is always on, the branch for off cannot be reached.',
};

const findings = {
  written: lintAll(rendered),
  encrypted: lintAll(turnedOn('EncryptWithOwnKey')),
  transformed: lintAll(transformed),
  gradual: lintAll(gradual),
  deployRole: lintAll(readTemplate('.github/deploy-role.yaml')),
};

describe('cfn-lint', () => {
  it.each([
    ['written', ACCEPTED],
    ['encrypted', ACCEPTED_WHEN_ON],
    ['transformed', ACCEPTED],
    ['gradual', ACCEPTED_WHEN_ON],
    ['deployRole', ACCEPTED],
  ] as const)('finds nothing in the template as %s beyond the accepted findings', (template, accepted) => {
    expect(findings[template].filter(({ rule }) => !(rule in accepted))).toEqual([]);
  });

  it('finds each accepted finding', () => {
    const found = new Set(Object.values(findings).flatMap((list) => list.map(({ rule }) => rule)));
    expect(Object.keys(ACCEPTED_WHEN_ON).filter((rule) => !found.has(rule))).toEqual([]);
  });

  it('finds a missing deletion policy on log groups only', () => {
    const withoutPolicy = findings.written.filter(({ rule }) => rule === 'I3011');
    const types = withoutPolicy.map(({ path }) => resources[String(path[1])]?.Type);
    expect([...new Set(types)]).toEqual(['AWS::Logs::LogGroup']);
  });
});
