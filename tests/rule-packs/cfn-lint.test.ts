/** cfn-lint with every rule it has, on the template as it is written and as the Serverless transform makes it. */
import { lintAll } from '../engines/sam-tools';
import { gradual, transformed } from '../engines/transformed';
import { rendered, resources, turnedOn } from '../template/rendered';

/** What cfn-lint may say, and why that stays as it is. Anything else fails. */
const ANSWERED: Readonly<Record<string, string>> = {
  I3011:
    'Only the tables and the keys outlive their stack. What failed is in the error table too; a queue or log group left behind would keep its name from the next stack.',
  I4010: 'Notes on the architecture for machines to read, in Metadata: ours are for people, in docs/architecture.md.',
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
};

describe('cfn-lint', () => {
  it.each([
    ['written', ANSWERED],
    ['encrypted', ANSWERED_WHERE_ON],
    ['transformed', ANSWERED],
    ['gradual', ANSWERED_WHERE_ON],
  ] as const)('finds nothing in the template as %s that is not answered', (template, answered) => {
    expect(findings[template].filter(({ rule }) => !(rule in answered))).toEqual([]);
  });

  it('needs each of its answers', () => {
    const said = Object.values(findings).flat();
    expect(Object.keys(ANSWERED_WHERE_ON).filter((rule) => !said.some((finding) => finding.rule === rule))).toEqual([]);
  });

  it('is answered about queues and log groups only: a table or key without a deletion policy is a finding', () => {
    const undecided = findings.written.filter(({ rule }) => rule === 'I3011');
    const types = undecided.map(({ path }) => resources[String(path[1])]?.Type);
    expect([...new Set(types)].sort()).toEqual(['AWS::Logs::LogGroup', 'AWS::SQS::Queue']);
  });
});
