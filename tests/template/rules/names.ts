import { readFileSync } from 'node:fs';
import { FUNCTION_KEYS, functionName } from '../../../contracts/functions';
import { APPLICATION, NAMES } from '../../../contracts/names';
import { functionIds } from '../../../template-src/function-ids';
import { mustBe, mustHave, named, propertiesOf, type Rules, ref, resourcesOf, sub } from './rule';

const TAGS = { Environment: ref('EnvironmentSuffix'), Application: APPLICATION, ManagedBy: 'aws-sam' };

/** Resource types that take no tags in CloudFormation. */
const UNTAGGED = [
  'AWS::CloudWatch::Dashboard',
  'AWS::Events::Archive',
  'AWS::Events::EventBusPolicy',
  'AWS::KMS::Alias',
  'AWS::Lambda::Permission',
  'AWS::Logs::QueryDefinition',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
];

const QUERY_PREFIX = 'logistics/${EnvironmentSuffix}/';

export const nameRules: Rules = {
  'each function has its name and says what it does': (template) =>
    FUNCTION_KEYS.flatMap((key) => {
      const { function: id } = functionIds(key);
      return [
        ...mustHave(template, id, { FunctionName: named(functionName(key)) }),
        ...mustBe(`${id} is explained`, Boolean(propertiesOf(template, id)['Description']), true),
      ];
    }),

  'everything that can carry tags says which environment and application it is of': ({ Resources }) =>
    Object.entries(Resources).flatMap(([id, { Type, Properties = {} }]) => {
      if (UNTAGGED.includes(Type)) return mustBe(`tags of ${id}`, Properties['Tags'], undefined);
      const list = Object.entries(TAGS).map(([Key, Value]) => ({ Key, Value }));
      return mustBe(`tags of ${id}`, Properties['Tags'], Type === 'AWS::Serverless::Function' ? TAGS : list);
    }),

  'the dashboard is of this environment and shows alarms that are there': (template) => {
    const { DashboardName, DashboardBody } = propertiesOf(template, 'Dashboard');
    const { widgets } = JSON.parse((DashboardBody as { 'Fn::Sub': string })['Fn::Sub']) as {
      widgets: { type: string; properties: { alarms?: string[] } }[];
    };
    const shown = widgets.flatMap(({ properties }) => properties.alarms ?? []);
    const missing = shown.filter((arn) => !(arn.replace(/^\$\{(\w+)\.Arn\}$/, '$1') in template.Resources));
    return [
      ...mustBe('the dashboard’s name', DashboardName, named(NAMES.dashboard)),
      ...mustBe('alarms that are shown and not there', missing, []),
      ...mustBe('alarms are shown', shown.length > 0, true),
    ];
  },

  'each saved query is one of the runbook’s, over the logs of every function': (template) => {
    const [, told = ''] = /\*Saved queries\*, under `logistics\/\{env\}`: ([^.]+)\./.exec(runbook) ?? [];
    const names = told.replaceAll(/\s+/g, ' ').split(', ');
    const queries = resourcesOf(template, 'AWS::Logs::QueryDefinition');
    return [
      ...mustBe(
        'the saved queries',
        queries.map(([, { Properties = {} }]) => Properties['Name']),
        names.map((name) => sub(`${QUERY_PREFIX}${name}`)),
      ),
      ...queries.flatMap(([id]) => [
        ...mustHave(template, id, { LogGroupNames: FUNCTION_KEYS.map((key) => ref(functionIds(key).logGroup)) }),
        ...mustBe(
          `${id} asks something`,
          /\| (sort|stats|filter) /.test(String(propertiesOf(template, id)['QueryString'])),
          true,
        ),
      ]),
    ];
  },
};

const runbook = readFileSync('docs/runbook.md', 'utf8');
