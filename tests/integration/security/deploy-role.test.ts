/** Permissions of the roles in .github/deploy-role.yaml, by an IAM engine. */
import { readFileSync } from 'node:fs';
import type Resource from 'cloudform-types/types/resource';
import { callsOf } from '../../../cli/conformance/deploy-role';
import { FUNCTION_KEYS } from '../../../contracts/functions';
import { APPLICATION, inEnvironment, SMOKE_PREFIX } from '../../../contracts/names';
import { toolPython } from '../../../lib/tools.mjs';
import { REGION } from '../../../local/environment';
import { ask } from '../../support/engines/ask';
import { readTemplate } from '../../support/engines/sam-tools';
import { gradual } from '../../support/engines/transformed';
import { ARTIFACT_CALLS, DATA_CALLS, GRADUAL_CALLS, needsOf, SAM_CALLS } from './deployment-needs';
import {
  ACCOUNT,
  actionsOf,
  type Context,
  type Decision,
  decisions,
  type PolicyDocument,
  type Request,
  requests,
} from './iam';
import { regional, Stack, type UnresolvedTemplate } from './resolved';

const template: UnresolvedTemplate = readTemplate('.github/deploy-role.yaml');

const ENVIRONMENT = 'staging';
const REPOSITORY = 'octo@1/logistics@2';

const rolesOf = (Environment: string, Repository = REPOSITORY) =>
  new Stack(inEnvironment('logistics-deploy-role', Environment), template, {
    Environment,
    Repository,
    Conformance: 'true',
  });

/** The application's stack with each parameter on that adds a resource. */
const applicationOf = (EnvironmentSuffix: string) =>
  new Stack(inEnvironment(APPLICATION, EnvironmentSuffix), gradual as unknown as UnresolvedTemplate, {
    EnvironmentSuffix,
    AlertEmail: 'ops@example.com',
    EnableXRay: 'true',
    EncryptWithOwnKey: 'true',
    GradualDeployment: 'true',
    CarrierWebhooks: 'true',
    PermissionsBoundary: inEnvironment('logistics-boundary', EnvironmentSuffix),
  });

const roleStack = rolesOf(ENVIRONMENT);
const application = applicationOf(ENVIRONMENT);
const arn = (id: string) => application.arn(id);
const stackArn = (name: string) => regional('cloudformation', `stack/${name}/0a1b2c3d`);

/** The only inline policy of a role. */
function inlineOf(stack: Stack, role: string): PolicyDocument {
  const [{ PolicyDocument }] = stack.properties(role)['Policies'] as [{ PolicyDocument: PolicyDocument }];
  return PolicyDocument;
}

const boundary = roleStack.properties('Boundary')['PolicyDocument'] as PolicyDocument;
const boundaryArn = roleStack.arn('Boundary');
const deployRole = roleStack.properties('DeployRole');
const attached = roleStack.resources
  .filter(([, { Type }]) => Type === 'AWS::IAM::ManagedPolicy')
  .filter(([id]) => (deployRole['ManagedPolicyArns'] as string[]).includes(roleStack.arn(id)))
  .map(([id]) => roleStack.properties(id)['PolicyDocument'] as PolicyDocument);
const policy: PolicyDocument = {
  Statement: [inlineOf(roleStack, 'DeployRole'), ...attached].flatMap(({ Statement }) => Statement),
};

const BY_CLOUDFORMATION = { 'aws:CalledVia': ['cloudformation.amazonaws.com'] };
const EVENTBRIDGE = { 'lambda:Principal': 'events.amazonaws.com' };
const BOUNDED = { 'iam:PermissionsBoundary': boundaryArn };
const THROUGH_DYNAMODB = { 'kms:ViaService': 'dynamodb.us-east-1.amazonaws.com' };
const passedTo = (service: string) => ({ 'iam:PassedToService': `${service}.amazonaws.com` });

/** Expectations on a role with these layers of policies: no statement matches (`doesNotGrant`), a Deny does (`denies`), either (`refuses`). */
function under(...layers: readonly PolicyDocument[]) {
  const expects =
    (...expected: readonly Decision[]) =>
    (...lists: readonly (readonly Request[])[]) => {
      const all = lists.flat();
      const actual = decisions({ layers }, all);
      const exceptions = all.filter((_, index) => !expected.includes(actual[index] as Decision));
      expect(exceptions.map(({ action, resource }) => `${action} ${resource}`)).toEqual([]);
    };
  return {
    allows: expects('Allow'),
    doesNotGrant: expects('ImplicitDeny'),
    denies: expects('Deny'),
    refuses: expects('Deny', 'ImplicitDeny'),
  };
}

const deploying = under(policy);
/** A role of the stack whose own policy allows everything. */
const bounded = under({ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }, boundary);

const statements = ({ Statement }: PolicyDocument) =>
  Statement as readonly { Effect: string; Action: string | string[]; Resource: string | string[] }[];

interface ServiceReference {
  readonly Actions: Readonly<Record<string, { readonly Resources?: readonly string[] }>>;
  readonly Resources: Readonly<Record<string, { readonly ConditionKeys?: readonly string[] }>>;
}

const READ_REFERENCE =
  'from importlib.resources import files; print(files("cfnlint.data.AdditionalSpecs").joinpath("Policies.json").read_text())';

/** AWS's service authorization reference from cfn-lint; actions are in lower case. */
const serviceReference: Readonly<Record<string, ServiceReference>> = JSON.parse(
  ask(toolPython('sam'), ['-c', READ_REFERENCE], ''),
);

/** Property that names the resource that IAM checks, where this is another one. Versions and aliases have their function's tags. */
const SUBJECT: Readonly<Record<string, string>> = {
  'AWS::Lambda::Alias': 'FunctionName',
  'AWS::Lambda::EventInvokeConfig': 'FunctionName',
  'AWS::Lambda::Permission': 'FunctionName',
  'AWS::Lambda::Url': 'TargetFunctionArn',
  'AWS::Lambda::Version': 'FunctionName',
  'AWS::SNS::Subscription': 'TopicArn',
  'AWS::SNS::TopicPolicy': 'Topics',
  'AWS::SQS::QueuePolicy': 'Queues',
};

/** Only an administrator creates and changes it, because IAM has no resource for it. */
const BY_ADMINISTRATOR = 'AWS::Events::EventBusPolicy';

interface Subject {
  readonly type: string;
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Condition keys of the call. */
  readonly context: Context;
  readonly outlivesItsStack: boolean;
}

/** The logical id of the resource that IAM checks. */
function subjectId(id: string): string {
  const { Type, Properties = {} } = gradual.Resources[id] as Resource;
  const [named] = [Properties[SUBJECT[Type] ?? '']].flat() as ({ Ref: string } | undefined)[];
  return named ? subjectId(named.Ref) : id;
}

/** Condition keys that follow from a resource's properties. */
function contextOf(type: string, properties: Readonly<Record<string, unknown>>): Context {
  const { FunctionName, Principal, AlarmActions, Protocol } = properties as Record<string, string>;
  if (type === 'AWS::Lambda::EventSourceMapping') return { 'lambda:FunctionArn': String(FunctionName) };
  if (type === 'AWS::Lambda::Permission') return { 'lambda:Principal': String(Principal) };
  if (type === 'AWS::SNS::Subscription') return { 'sns:Protocol': String(Protocol) };
  return AlarmActions ? { 'cloudwatch:AlarmActions': AlarmActions } : {};
}

function subjectOf(stack: Stack, id: string, resource: Resource): Subject {
  const subject = subjectId(id);
  const tags = (stack.properties(subject)['Tags'] ?? []) as readonly { Key: string; Value: string }[];
  return {
    type: resource.Type,
    arn: resource.Type === 'AWS::Logs::QueryDefinition' ? '*' : stack.arn(subject),
    tags: Object.fromEntries(tags.map(({ Key, Value }) => [`aws:ResourceTag/${Key}`, Value])),
    context: contextOf(resource.Type, stack.properties(id)),
    outlivesItsStack: resource.DeletionPolicy === 'Retain',
  };
}

const subjectsOf = (stack: Stack) =>
  stack.resources
    .filter(([, { Type }]) => Type !== BY_ADMINISTRATOR)
    .map(([id, resource]) => subjectOf(stack, id, resource));

/** A call as IAM checks it: on `*` for an action without resources, and with tags only where AWS's reference has them. */
function callOf(subject: Subject, action: string, callContext: Context): Request {
  const context = { ...subject.context, ...callContext };
  const [service = '', name = ''] = action.split(':');
  const { Actions, Resources } = serviceReference[service] ?? { Actions: {}, Resources: {} };
  const reference = Actions[name.toLowerCase()];
  if (!reference) throw new Error(`AWS has no action ${action}`);
  if (!reference.Resources) return { action, resource: '*', context };
  const isTagged = reference.Resources.some((kind) =>
    Resources[kind]?.ConditionKeys?.includes('aws:ResourceTag/${TagKey}'),
  );
  return { action, resource: subject.arn, context: { ...(isTagged && subject.tags), ...context } };
}

/** Calls of the listed actions on a resource. */
const calls = (subject: Subject, actions: string, context: Context = {}) =>
  actionsOf(actions).map((action) => callOf(subject, action, context));

const untagged = (subject: Subject): Subject => ({ ...subject, tags: {} });

const subjects = subjectsOf(application);
const ofType = (type: string) => subjects.filter((subject) => subject.type === type);
const keys = ofType('AWS::KMS::Key');

describe('a deployment by the deploy role', () => {
  it('may create, read and change every resource of the stack, before and after it has its tags', () => {
    const changes = subjects
      .filter((subject) => !keys.includes(subject))
      .flatMap((subject) => [subject, untagged(subject)])
      .flatMap((subject) => calls(subject, needsOf(subject.type).keep, { ...BY_CLOUDFORMATION, ...BOUNDED }));

    expect(changes.length).toBeGreaterThan(500);
    deploying.allows(changes);
  });

  it('may create keys, and manage those with the environment’s tags', () => {
    const requested = { 'aws:RequestTag/Application': APPLICATION, 'aws:RequestTag/Environment': ENVIRONMENT };
    const withoutTags = 'kms:DescribeKey EnableKeyRotation GetKeyPolicy GetKeyRotationStatus';

    expect(keys).toHaveLength(2);
    for (const key of keys)
      deploying.allows(
        calls(untagged(key), 'kms:CreateKey TagResource', { ...BY_CLOUDFORMATION, ...requested }),
        calls(untagged(key), `${withoutTags} CreateAlias UpdateAlias DeleteAlias`),
        calls(key, needsOf(key.type).keep.replace('CreateKey', '')),
        calls(key, 'kms:CreateGrant Decrypt', THROUGH_DYNAMODB),
      );
  });

  it('may delete what a rollback deletes, and nothing that outlives the stack', () => {
    const deletions = (outlives: boolean) =>
      subjects
        .filter(({ outlivesItsStack, type }) => outlivesItsStack === outlives && type !== 'AWS::Lambda::Version')
        .flatMap((subject) => calls(subject, needsOf(subject.type).remove, BY_CLOUDFORMATION));

    deploying.allows(deletions(false));
    deploying.doesNotGrant(deletions(true));
  });

  it('may pass roles to Lambda and CodeDeploy, and to no other service', () => {
    const passes = (service: string) =>
      ofType('AWS::IAM::Role').flatMap((role) => calls(role, 'iam:PassRole', passedTo(service)));

    deploying.allows(passes('lambda'), passes('codedeploy'));
    deploying.doesNotGrant(
      passes('ec2'),
      passes('cloudformation'),
      requests('iam:PassRole', roleStack.arn('DeployRole'), passedTo('lambda')),
    );
  });

  it('may use the stack, its artifacts and CodeDeploy as SAM and CloudFormation do', () => {
    const [group] = ofType('AWS::CodeDeploy::DeploymentGroup') as [Subject];
    const [codeDeploy] = ofType('AWS::CodeDeploy::Application') as [Subject];
    const transform = `arn:aws:cloudformation:${REGION}:aws:transform/Serverless-2016-10-31`;
    const canary = regional('codedeploy', 'deploymentconfig:CodeDeployDefault.LambdaCanary10Percent15Minutes');
    const alias = arn('ShipmentProcessorAliaslive');

    deploying.allows(
      requests(SAM_CALLS, stackArn(application.name)),
      requests('cloudformation:CreateChangeSet', transform),
      requests(ARTIFACT_CALLS, `${roleStack.arn('Artifacts')}/${application.name}/0a1b2c3d`),
      requests('lambda:AddPermission GetProvisionedConcurrencyConfig', alias, EVENTBRIDGE),
      // IAM checks tags on the group's own ARN, without the star for its streams.
      requests('logs:ListTagsForResource TagResource', arn('ShipmentProcessorLogGroup').replace(/:\*$/, '')),
      calls(group, GRADUAL_CALLS.group),
      calls(codeDeploy, GRADUAL_CALLS.application),
      requests(GRADUAL_CALLS.config, canary),
      requests(GRADUAL_CALLS.any, '*', BY_CLOUDFORMATION),
    );
  });

  it('may run the smoke test, and neither read other rows nor put other events', () => {
    const put = (source: string, detailType: string) =>
      requests('events:PutEvents', arn('EventBus'), { 'events:source': [source], 'events:detail-type': [detailType] });
    const read = (table: string, key: string, action = 'GetItem') =>
      requests(`dynamodb:${action}`, arn(table), { 'dynamodb:LeadingKeys': [key] });
    const smoke = `${SMOKE_PREFIX}1764288000000`;

    deploying.allows(
      put('logistics.shipment', 'Shipment Created'),
      read('ShipmentEventsTable', 'smoke-1764288000000'),
      read('ShipmentsTable', smoke),
      read('ErrorEventsTable', `logistics-shipment-processor-${ENVIRONMENT}/0a1b2c3d`, 'Query'),
      requests('logs:FilterLogEvents', arn('StatusPublisherLogGroup')),
    );
    deploying.doesNotGrant(
      put('logistics.error', 'Critical Error'),
      put('logistics.shipment', 'Shipment Status Updated'),
      requests('events:PutEvents', arn('EventBus')),
      read('ShipmentsTable', 'SHP-7'),
      read('ShipmentsTable', smoke, 'PutItem'),
      requests('dynamodb:GetItem Scan', arn('ShipmentsTable')),
      requests('logs:FilterLogEvents', arn('StatusUpdaterLogGroup')),
    );
  });

  it('decides the calls of the conformance claim on the deploy role as the claim expects', () => {
    const place = { partition: 'aws', region: REGION, account: ACCOUNT, environment: ENVIRONMENT };
    const { allowed, denied } = callsOf({ ...place, bucket: roleStack.arn('Artifacts') });

    deploying.allows(allowed);
    deploying.refuses(denied);
  });

  it('has no unneeded permission', () => {
    const needed = new Set(
      [
        ...subjects.map(({ type }) => needsOf(type)).flatMap(({ keep, remove }) => [keep, remove]),
        ...[SAM_CALLS, ARTIFACT_CALLS, ...Object.values(GRADUAL_CALLS)],
        ...['dynamodb:GetItem Query', 'events:PutEvents', 'logs:FilterLogEvents', 's3:ListBucket'],
        ...['iam:PassRole', 'kms:CreateGrant Decrypt Encrypt GenerateDataKey*'],
      ].flatMap(actionsOf),
    );
    const READS = /^\w+:(Describe|Get|List)\*$/;

    const granted = statements(policy)
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(({ Action }) => Action);
    expect(granted.filter((action) => !needed.has(action) && !READS.test(action))).toEqual([]);
  });
});

// One name ends with ours, the other begins with it.
it.each([`eu-${ENVIRONMENT}`, `${ENVIRONMENT}-eu`])('the deploy role can do nothing in the environment %s', (name) => {
  const [others, roles] = [applicationOf(name), rolesOf(name)];
  const context = { ...BOUNDED, ...passedTo('lambda'), ...THROUGH_DYNAMODB };
  const attempts = subjectsOf(others)
    // Only CloudFormation may change saved queries, and it knows this stack's only.
    .filter(({ type }) => type !== 'AWS::Logs::QueryDefinition')
    .flatMap((subject) => {
      const { keep, remove } = needsOf(subject.type);
      return [keep, remove, DATA_CALLS[subject.type] ?? ''].flatMap((actions) => calls(subject, actions, context));
    })
    .filter(({ resource }) => resource !== '*');

  expect(attempts.length).toBeGreaterThan(300);
  deploying.refuses(
    attempts,
    requests(ARTIFACT_CALLS, `${roles.arn('Artifacts')}/${others.name}/code`),
    requests('sts:AssumeRole', [roles.arn('DeployRole'), roles.arn('ConformanceRole')]),
    requests(`${SAM_CALLS} DeleteStack UpdateStack`, stackArn(others.name)),
  );
  // A role that the deploy role creates can do no more.
  bounded.refuses(attempts);
});

describe('the deploy role', () => {
  const role = (path: string) => `arn:aws:iam::${ACCOUNT}:role${path}`;
  const inPath = role(`/logistics/${ENVIRONMENT}/admin`);
  const user = `arn:aws:iam::${ACCOUNT}:user/x`;
  const other = (policy: string) => ({ 'iam:PermissionsBoundary': policy });

  it('may create no user, and no role without the boundary or outside its path', () => {
    deploying.refuses(
      requests('iam:CreateUser', user),
      requests('iam:CreateRole PutRolePolicy', inPath),
      requests('iam:CreateRole', inPath, other('arn:aws:iam::aws:policy/AdministratorAccess')),
      requests(
        'iam:CreateRole',
        [role('/logistics-event-processor-staging-admin'), role('/logistics/prod/admin')],
        BOUNDED,
      ),
      requests('iam:PutRolePolicy UpdateAssumeRolePolicy', roleStack.arn('DeployRole'), BOUNDED),
      requests('iam:AttachRolePolicy', inPath, BOUNDED),
    );
  });

  it('may grant a role everything, which the boundary limits to what the functions need', () => {
    deploying.allows(requests('iam:CreateRole PutRolePolicy', inPath, BOUNDED));
    bounded.allows(requests('dynamodb:PutItem', arn('ShipmentsTable')));
    bounded.doesNotGrant(
      requests('iam:CreateUser', user),
      requests('dynamodb:DeleteTable', arn('ShipmentsTable')),
      requests('sts:AssumeRole', roleStack.arn('DeployRole')),
      requests('lambda:UpdateFunctionCode', arn('ShipmentProcessor')),
    );
  });

  it('may neither remove nor change the boundary', () => {
    deploying.denies(
      requests('iam:DeleteRolePermissionsBoundary', inPath, BOUNDED),
      requests('iam:CreatePolicyVersion SetDefaultPolicyVersion DeletePolicyVersion DeletePolicy', boundaryArn),
    );
    const wider = requests('iam:PutRolePermissionsBoundary', inPath, other(`arn:aws:iam::${ACCOUNT}:policy/wider`));
    deploying.doesNotGrant(wider);
  });

  it('may let only EventBridge invoke functions, alarms notify only the environment’s topic, and topics send only mail', () => {
    const acts = (...alarmActions: string[]) =>
      requests('cloudwatch:PutMetricAlarm', arn('DurationAlarm'), { 'cloudwatch:AlarmActions': alarmActions });
    const invokes = (id: string, principal: string) =>
      requests('lambda:AddPermission', arn(id), { 'lambda:Principal': principal });
    const subscribes = (protocol: string) =>
      requests('sns:Subscribe', arn('AlertsTopic'), { 'sns:Protocol': protocol });

    deploying.allows(acts(), acts(arn('AlertsTopic')), requests('cloudwatch:PutMetricAlarm', arn('DurationAlarm')));
    deploying.doesNotGrant(
      acts(applicationOf('prod').arn('AlertsTopic')),
      acts(arn('AlertsTopic'), 'arn:aws:automate:us-east-1:ec2:terminate'),
      invokes('StatusUpdater', '*'),
      invokes('StatusUpdater', '999988887777'),
      invokes('ShipmentProcessorAliaslive', 's3.amazonaws.com'),
      subscribes('https'),
      subscribes('sqs'),
      requests('lambda:UntagResource', regional('lambda', 'event-source-mapping:0a1b2c3d')),
    );
  });

  it('may change neither its own stack nor what the stack did not create', () => {
    const imports = { 'cloudformation:ImportResourceTypes': ['AWS::KMS::Key'] };
    const foreignKey = regional('kms', 'key/foreign');
    const taggedFor = (environment: string) => ({
      'aws:RequestTag/Application': APPLICATION,
      'aws:RequestTag/Environment': environment,
    });

    deploying.doesNotGrant(
      requests('cloudformation:CreateChangeSet', [stackArn(roleStack.name), stackArn('aws-sam-cli-managed-default')]),
      requests('cloudformation:CreateChangeSet', stackArn(application.name), imports),
      requests('kms:TagResource', foreignKey, taggedFor(ENVIRONMENT)),
      requests('kms:CreateKey', '*', { ...BY_CLOUDFORMATION, ...taggedFor('prod') }),
      requests('kms:PutKeyPolicy ScheduleKeyDeletion DisableKey CreateGrant Decrypt', foreignKey),
      requests('events:PutPermission', '*'),
      requests('logs:DeleteQueryDefinition', '*'),
      requests('s3:PutBucketPolicy', roleStack.arn('Artifacts')),
      requests('secretsmanager:GetSecretValue', regional('secretsmanager', 'secret:x')),
    );
  });

  it.each([REPOSITORY, 'octo/logistics'])(
    'can be assumed only by jobs of %s in its environment on main',
    (repository) => {
      const trust = rolesOf(ENVIRONMENT, repository).properties('DeployRole')['AssumeRolePolicyDocument'];
      const of = (repository: string, environment = ENVIRONMENT) => `repo:${repository}:environment:${environment}`;
      const token = (sub: string, ref = 'refs/heads/main', aud = 'sts.amazonaws.com') =>
        Object.entries({ sub, ref, aud }).map(([claim, value]) => [
          `token.actions.githubusercontent.com:${claim}`,
          value,
        ]);
      const tokens = [
        token(of(repository)),
        token(of(repository, 'prod')),
        token(of(repository === REPOSITORY ? 'octo/logistics' : REPOSITORY)),
        token(of('octo@1/logistics@3')),
        token(of(repository), 'refs/heads/feature'),
        token(of(repository), 'refs/heads/main', 'https://github.com/octo'),
      ];

      const assume = { action: 'sts:AssumeRoleWithWebIdentity', resource: '*', principal: roleStack.arn('Provider') };
      const requests = tokens.map((claims): Request => ({ ...assume, context: Object.fromEntries(claims) }));
      expect(decisions({ trust: trust as PolicyDocument }, requests)).toEqual([
        'Allow',
        ...Array(5).fill('ImplicitDeny'),
      ]);
    },
  );

  it('accepts a repository in either form of GitHub’s subject, and nothing else', () => {
    const { AllowedPattern } = template.Parameters['Repository'] as { AllowedPattern: string };
    const invalid = ['octo', 'octo@1/logistics', 'octo/*', 'octo@x/logistics@y', 'a/b:environment:prod'];

    const accepted = ['octo/logistics', REPOSITORY, ...invalid].filter((name) => new RegExp(AllowedPattern).test(name));
    expect(accepted).toEqual(['octo/logistics', REPOSITORY]);
  });
});

it('each role of the stack has the boundary, which allows all that the role’s own policy allows', () => {
  const roles = application.resources.filter(([, { Type }]) => Type === 'AWS::IAM::Role');
  const through = { 'kms:ViaService': 'sns.us-east-1.amazonaws.com' };
  const granted = roles
    .flatMap(([id]) => statements(inlineOf(application, id)))
    .flatMap(({ Action, Resource }) => [Action].flat().flatMap((action) => requests(action, Resource, through)));

  // One for each function, and CodeDeploy's.
  expect(roles).toHaveLength(FUNCTION_KEYS.length + 1);
  under(boundary).allows(granted);
  expect(roles.map(([id]) => application.properties(id)['PermissionsBoundary'])).toEqual(roles.map(() => boundaryArn));
});

describe('the conformance role', () => {
  const conformance = under(inlineOf(roleStack, 'ConformanceRole'));
  const named = (part = '') => `logistics-conformance-run${part}-${ENVIRONMENT}`;

  it('has the trust policy of the deploy role', () => {
    expect(roleStack.properties('ConformanceRole')['AssumeRolePolicyDocument']).toEqual(
      deployRole['AssumeRolePolicyDocument'],
    );
  });

  it('may create and delete resources with the run’s name, receive the stack’s events, and replay its archive', () => {
    const rule = regional('events', `rule/logistics-events-${ENVIRONMENT}/${named()}`);
    const ownFunction = regional('lambda', `function:${named('-stream')}`);
    const role = `arn:aws:iam::${ACCOUNT}:role/logistics/${ENVIRONMENT}/publisher`;

    conformance.allows(
      requests('dynamodb:CreateTable DeleteTable BatchWriteItem', regional('dynamodb', `table/${named('-versions')}`)),
      requests('events:PutRule PutTargets RemoveTargets DeleteRule', rule),
      requests('events:StartReplay', [
        arn('EventBus'),
        arn('Archive'),
        regional('events', `replay/${named('-replay-1')}`),
      ]),
      requests('events:PutEvents DescribeEventBus', arn('EventBus')),
      requests('sqs:CreateQueue DeleteQueue ReceiveMessage', regional('sqs', named())),
      requests('sqs:ReceiveMessage DeleteMessage', arn('UnroutedQueue')),
      requests('sns:Subscribe Unsubscribe', [arn('AlertsTopic'), arn('ProcessingTopic')]),
      requests('sns:CreateTopic Publish DeleteTopic', regional('sns', named())),
      requests(
        'cloudwatch:PutMetricAlarm SetAlarmState DeleteAlarms',
        regional('cloudwatch', `alarm:${named('-filled')}`),
      ),
      requests('lambda:CreateFunction DeleteFunction', ownFunction),
      requests('lambda:RemovePermission GetPolicy', `${arn('ShipmentProcessor')}:live`),
      requests('lambda:AddPermission', arn('ShipmentProcessor'), EVENTBRIDGE),
      requests('lambda:CreateEventSourceMapping DeleteEventSourceMapping', '*', {
        'lambda:FunctionArn': ownFunction,
      }),
      requests('iam:PassRole', role, passedTo('lambda')),
    );
  });

  it('may delete no resource of the stack, and let only EventBridge invoke its functions', () => {
    conformance.refuses(
      requests('dynamodb:DeleteTable Scan', arn('ShipmentsTable')),
      requests('sqs:DeleteQueue', arn('UnroutedQueue')),
      requests('events:DeleteEventBus', arn('EventBus')),
      requests('events:DeleteRule', arn('StatusUpdaterRule')),
      requests('sns:DeleteTopic', arn('AlertsTopic')),
      requests('lambda:DeleteFunction', arn('StatusUpdater')),
      requests('cloudwatch:DeleteAlarms', arn('DurationAlarm')),
      requests('lambda:AddPermission', arn('ShipmentProcessor'), { 'lambda:Principal': ACCOUNT }),
      requests('iam:PutRolePolicy', arn('StatusUpdaterRole')),
      requests('dynamodb:GetItem', applicationOf('prod').arn('ShipmentsTable')),
    );
  });
});

describe('.github/deploy-role.yaml', () => {
  it('allows access to the artifacts over TLS only', () => {
    const { PolicyDocument } = roleStack.properties('ArtifactsPolicy') as { PolicyDocument: PolicyDocument };
    const layers = [{ Statement: [...policy.Statement, ...PolicyDocument.Statement] }];
    const [tls, plain] = ['true', 'false'].map((value) =>
      requests('s3:GetObject', `${roleStack.arn('Artifacts')}/code`, { 'aws:SecureTransport': value }),
    ) as [Request[], Request[]];

    expect(decisions({ layers }, [...tls, ...plain])).toEqual(['Allow', 'Deny']);
  });

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: without white space
  it('fits IAM’s limits with the longest name of an environment, in the region with the longest names', () => {
    const longest = rolesOf('e'.repeat(20));
    const size = (document: unknown) =>
      JSON.stringify(document).replaceAll('arn:aws:', 'arn:aws-us-gov:').replaceAll(REGION, 'us-gov-west-1').length;

    for (const policy of ['Boundary', 'DeploysFunctions'])
      expect(size(longest.properties(policy)['PolicyDocument'])).toBeLessThan(6_144);
    for (const role of ['DeployRole', 'ConformanceRole'])
      expect(size(longest.properties(role)['Policies'])).toBeLessThan(10_240);
  });

  it('has no YAML anchors, which CloudFormation does not support', () => {
    expect(readFileSync('.github/deploy-role.yaml', 'utf8')).not.toMatch(/(: |- )[&*]\w/);
  });
});
