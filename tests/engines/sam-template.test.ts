/** The template, read by what AWS wrote to read templates. */
import type Resource from 'cloudform-types/types/resource';
import { FUNCTION_KEYS } from '../../contracts/functions';
import { functionIds } from '../../template-src/function-ids';
import { rendered, resources } from '../template/rendered';
import { lintAll, samTransform } from './sam-tools';

/** What cfn-lint may say, and why that stays as it is. Anything else fails. */
const ANSWERED: Readonly<Record<string, string>> = {
  I3011:
    'Only the tables and the key outlive their stack. What failed is in the error table too; a queue or log group left behind would keep its name from the next stack.',
  I4010: 'Notes on the architecture for machines to read, in Metadata: ours are for people, in docs/architecture.md.',
};

const functionResources = FUNCTION_KEYS.map((key) => functionIds(key).function);

/** The template as `sam package` leaves it: the translator wants the code where CloudFormation would fetch it. */
const packaged = {
  ...rendered,
  Resources: Object.fromEntries(
    Object.entries(resources).map(([id, resource]) => [
      id,
      functionResources.includes(id)
        ? { ...resource, Properties: { ...resource.Properties, CodeUri: 's3://packaged/functions.zip' } }
        : resource,
    ]),
  ),
};

const transformed: { Resources: Readonly<Record<string, Resource>> } = samTransform(packaged);

const findings = { written: lintAll(rendered), transformed: lintAll(transformed) };

describe('the Serverless transform', () => {
  it('adds to each function what its EventInvokeConfig says, and nothing else: no role, rule or permission of its own making', () => {
    const added = Object.keys(transformed.Resources).filter((id) => !(id in resources));

    expect(added.sort()).toEqual(functionResources.map((id) => `${id}EventInvokeConfig`).sort());
    for (const key of FUNCTION_KEYS) {
      const { function: id, queue } = functionIds(key);
      expect(transformed.Resources[`${id}EventInvokeConfig`]).toMatchObject({
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: {
          FunctionName: { Ref: id },
          MaximumRetryAttempts: 2,
          DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [queue, 'Arn'] } } },
        },
      });
    }
  });

  it('leaves every other resource as it is written', () => {
    const others = Object.entries(resources).filter(([id]) => !functionResources.includes(id));
    expect(transformed.Resources).toMatchObject(Object.fromEntries(others));
  });

  it.each(functionResources)('keeps what %s declares', (id) => {
    const { CodeUri: _, EventInvokeConfig: __, Tags, Tracing, ...kept } = resources[id]?.Properties ?? {};
    expect(transformed.Resources[id]).toMatchObject({
      Type: 'AWS::Lambda::Function',
      Properties: { ...kept, TracingConfig: { Mode: Tracing } },
    });
    const tags = transformed.Resources[id]?.Properties?.['Tags'];
    expect(tags).toEqual(expect.arrayContaining(Object.entries(Tags).map(([Key, Value]) => ({ Key, Value }))));
  });
});

describe('cfn-lint', () => {
  it.each(['written', 'transformed'] as const)(
    'finds nothing in the template as %s that is not answered',
    (template) => {
      expect(findings[template].filter(({ rule }) => !(rule in ANSWERED))).toEqual([]);
    },
  );

  it('needs each of its answers', () => {
    const said = Object.values(findings).flat();
    expect(Object.keys(ANSWERED).filter((rule) => !said.some((finding) => finding.rule === rule))).toEqual([]);
  });

  it('is answered about queues and log groups only: a table or key without a deletion policy is a finding', () => {
    const undecided = findings.written.filter(({ rule }) => rule === 'I3011');
    const types = undecided.map(({ path }) => resources[String(path[1])]?.Type);
    expect([...new Set(types)].sort()).toEqual(['AWS::Logs::LogGroup', 'AWS::SQS::Queue']);
  });
});
