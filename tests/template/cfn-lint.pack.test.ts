/** cfn-lint with every rule it has, on the template as it is written and as the Serverless transform makes it. */
import { lintAll, readTemplate } from '../support/engines/sam-tools';
import { gradual, transformed } from '../support/engines/transformed';
import { rendered, resources, turnedOn } from '../support/rendered';

/** Accepted findings of cfn-lint, with their reasons. Any other fails. */
const ANSWERED: Readonly<Record<string, string>> = {
  I3011:
    'A log group left behind would keep its name from the next stack; what failed is in the error table and the queues, which outlive it.',
  I4010: 'Notes on the architecture for machines to read, in Metadata: ours are for readers, in docs/architecture.md.',
};

const ANSWERED_WHERE_ON: typeof ANSWERED = {
  ...ANSWERED,
  W1028: 'What stands for a parameter that is off cannot be reached where it is on.',
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
    ['written', ANSWERED],
    ['encrypted', ANSWERED_WHERE_ON],
    ['transformed', ANSWERED],
    ['gradual', ANSWERED_WHERE_ON],
    ['deployRole', ANSWERED],
  ] as const)('finds nothing in the template as %s that is not answered', (template, answered) => {
    expect(findings[template].filter(({ rule }) => !(rule in answered))).toEqual([]);
  });

  it('needs each of its answers', () => {
    const said = Object.values(findings).flat();
    expect(Object.keys(ANSWERED_WHERE_ON).filter((rule) => !said.some((finding) => finding.rule === rule))).toEqual([]);
  });

  it('is answered about log groups only: anything else that holds data without a deletion policy is a finding', () => {
    const undecided = findings.written.filter(({ rule }) => rule === 'I3011');
    const types = undecided.map(({ path }) => resources[String(path[1])]?.Type);
    expect([...new Set(types)]).toEqual(['AWS::Logs::LogGroup']);
  });
});
