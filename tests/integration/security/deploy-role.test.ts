/** Permissions of GitHub's deploy role, by an IAM engine. */
import { readFileSync } from 'node:fs';
import type Resource from 'cloudform-types/types/resource';
import { callsOf } from '../../../cli/conformance/deploy-role';
import { APPLICATION, inEnvironment, SMOKE_PREFIX } from '../../../contracts/names';
import { REGION } from '../../../local/environment';
import { readTemplate } from '../../support/engines/sam-tools';
import { gradual } from '../../support/engines/transformed';
import { ARTIFACT_CALLS, DATA_CALLS, GRADUAL_CALLS, NEEDS, SAM_CALLS } from './deployment-needs';
import { ACCOUNT, type Decision, decisions, type PolicyDocument, type Request, serviceReference, trusts } from './iam';
import { Stack, type UnresolvedTemplate } from './resolved';

const template: UnresolvedTemplate = readTemplate('.github/deploy-role.yaml');

const ENVIRONMENT = 'staging';
const REPOSITORY = 'octo@1/logistics@2';

const rolesOf = (Environment: string, Repository = REPOSITORY) =>
  new Stack(inEnvironment('logistics-deploy-role', Environment), template, {
    Environment,
    Repository,
    Conformance: 'true',
  });

/** The application's stack with everything turned on that makes a resource. */
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

const own = rolesOf(ENVIRONMENT);
const application = applicationOf(ENVIRONMENT);
const boundary = own.properties('Boundary')['PolicyDocument'] as PolicyDocument;
const boundaryArn = own.arn('Boundary');
const deployRole = own.properties('DeployRole');
const [{ PolicyDocument: inline }] = deployRole['Policies'] as [{ PolicyDocument: PolicyDocument }];
const isAttached = (arn: string) => (deployRole['ManagedPolicyArns'] as string[]).includes(arn);
const attached = own.resources
  .filter(([id, { Type }]) => Type === 'AWS::IAM::ManagedPolicy' && isAttached(own.arn(id)))
  .map(([id]) => own.properties(id)['PolicyDocument'] as PolicyDocument);
const policy: PolicyDocument = { ...inline, Statement: [inline, ...attached].flatMap(({ Statement }) => Statement) };

const BY_CLOUDFORMATION = { 'aws:CalledVia': ['cloudformation.amazonaws.com'] };
const EVENTBRIDGE = { 'lambda:Principal': 'events.amazonaws.com' };
const BOUNDED = { 'iam:PermissionsBoundary': boundaryArn };

const may = (request: Request) => decisions([policy], [request])[0];
const line = ({ action, resource }: Request) => `${action} ${resource}`;

/** Requests that are not answered so. */
const exceptions = (expected: readonly Decision[], requests: readonly Request[], layers = [policy]) => {
  const answers = decisions(layers, requests);
  return requests.filter((_, index) => !expected.includes(answers[index] as Decision)).map(line);
};

const statements = (document: PolicyDocument) =>
  document.Statement as readonly { Effect: string; Action: string | string[]; Resource: string | string[] }[];
const granted = statements(policy).filter(({ Effect }) => Effect === 'Allow');

/** The properties that name what IAM is asked about, where that is not the resource itself. Versions and aliases have their function's tags. */
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

/** Made and changed by hand by an administrator: IAM knows no resource for it. */
const BY_HAND = 'AWS::Events::EventBusPolicy';

interface Subject {
  readonly type: string;
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Condition keys of the call. */
  readonly context: Request['context'];
  readonly outlivesItsStack: boolean;
}

/** The resource that IAM is asked about for another. */
function subjectId(id: string): string {
  const { Type, Properties = {} } = gradual.Resources[id] as Resource;
  const [named] = [Properties[SUBJECT[Type] ?? '']].flat() as ({ Ref: string } | undefined)[];
  return named ? subjectId(named.Ref) : id;
}

/** Condition keys by a resource's properties. */
function contextOf(type: string, properties: Readonly<Record<string, unknown>>): NonNullable<Request['context']> {
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
  stack.resources.filter(([, { Type }]) => Type !== BY_HAND).map(([id, resource]) => subjectOf(stack, id, resource));

/** A call as IAM is asked about it: an action without resources is asked for `*`, and tags count where AWS says that they do. */
function request(action: string, { arn, tags, context: own }: Subject, more: Request['context'] = {}): Request {
  const context = { ...own, ...more };
  const [service = '', name = ''] = action.split(':');
  const { Actions, Resources } = serviceReference[service] ?? { Actions: {}, Resources: {} };
  const kinds = Actions[name.toLowerCase()]?.Resources;
  if (!Actions[name.toLowerCase()]) throw new Error(`AWS knows no ${action}`);
  if (!kinds) return { action, resource: '*', context };
  const tagged = kinds.some((kind) => Resources[kind]?.ConditionKeys?.includes('aws:ResourceTag/${TagKey}'));
  return { action, resource: arn, context: { ...(tagged && tags), ...context } };
}

const untagged = (subject: Subject): Subject => ({ ...subject, tags: {} });
const isKey = ({ type }: Subject) => type === 'AWS::KMS::Key';

const subjects = subjectsOf(application);
const needsOf = ({ type }: Subject) => {
  const needs = NEEDS[type];
  if (!needs)
    throw new Error(
      `what a deployment needs for ${type} is not known: add it to deployment-needs.ts and to .github/deploy-role.yaml`,
    );
  return needs;
};

describe('a deployment by the deploy role', () => {
  it('makes, reads and changes every resource of the stack, before and after it has its tags', () => {
    const calls = subjects
      .filter((subject) => !isKey(subject))
      .flatMap((subject) =>
        [subject, untagged(subject)].flatMap((each) =>
          needsOf(subject).keep.map((action) => request(action, each, { ...BY_CLOUDFORMATION, ...BOUNDED })),
        ),
      );

    expect(calls.length).toBeGreaterThan(500);
    expect(exceptions(['Allow'], calls)).toEqual([]);
  });

  it('makes keys, and manages those that carry the environment’s tags', () => {
    const keys = subjects.filter(isKey);
    const asked = { 'aws:RequestTag/Application': APPLICATION, 'aws:RequestTag/Environment': ENVIRONMENT };
    const beforeTagsCount = [
      'kms:DescribeKey',
      'kms:EnableKeyRotation',
      'kms:GetKeyPolicy',
      'kms:GetKeyRotationStatus',
    ];

    const calls = keys.flatMap((key) => [
      ...['kms:CreateKey', 'kms:TagResource'].map((action) =>
        request(action, untagged(key), { ...BY_CLOUDFORMATION, ...asked }),
      ),
      ...[...beforeTagsCount, 'kms:CreateAlias', 'kms:UpdateAlias', 'kms:DeleteAlias'].map((action) =>
        request(action, untagged(key)),
      ),
      ...needsOf(key)
        .keep.filter((action) => action !== 'kms:CreateKey')
        .map((action) => request(action, key)),
      ...['kms:CreateGrant', 'kms:Decrypt'].map((action) =>
        request(action, key, { 'kms:ViaService': 'dynamodb.us-east-1.amazonaws.com' }),
      ),
    ]);

    expect(keys).toHaveLength(2);
    expect(exceptions(['Allow'], calls)).toEqual([]);
  });

  it('deletes what a rollback may delete, and nothing that outlives the stack', () => {
    const deletions = (outlives: boolean) =>
      subjects
        .filter(({ outlivesItsStack, type }) => outlivesItsStack === outlives && type !== 'AWS::Lambda::Version')
        .flatMap((subject) => needsOf(subject).remove.map((action) => request(action, subject, BY_CLOUDFORMATION)));

    expect(exceptions(['Allow'], deletions(false))).toEqual([]);
    expect(exceptions(['ImplicitDeny'], deletions(true))).toEqual([]);
  });

  it('passes each role to the service that it is for', () => {
    const roles = subjects.filter(({ type }) => type === 'AWS::IAM::Role');
    const passes = ['lambda.amazonaws.com', 'codedeploy.amazonaws.com'].flatMap((service) =>
      roles.map((role) => request('iam:PassRole', role, { 'iam:PassedToService': service })),
    );

    expect(exceptions(['Allow'], passes)).toEqual([]);
  });

  it('uses the stack, its artifacts and CodeDeploy as SAM and CloudFormation do', () => {
    const stack = `arn:aws:cloudformation:us-east-1:${ACCOUNT}:stack/${application.name}/0a1b2c3d`;
    const [group] = subjects.filter(({ type }) => type === 'AWS::CodeDeploy::DeploymentGroup');
    const [deployed] = subjects.filter(({ type }) => type === 'AWS::CodeDeploy::Application');
    const calls: Request[] = [
      ...SAM_CALLS.map((action) => ({ action, resource: stack })),
      {
        action: 'cloudformation:CreateChangeSet',
        resource: 'arn:aws:cloudformation:us-east-1:aws:transform/Serverless-2016-10-31',
      },
      ...ARTIFACT_CALLS.map((action) => ({ action, resource: `${own.arn('Artifacts')}/${application.name}/0a1b2c3d` })),
      // By its alias, as rules and CodeDeploy do.
      ...['lambda:AddPermission', 'lambda:GetProvisionedConcurrencyConfig'].map((action) => ({
        action,
        resource: application.arn('ShipmentProcessorAliaslive'),
        context: EVENTBRIDGE,
      })),
      // Tags are asked about the group's own ARN, without the stars of its streams.
      ...['logs:ListTagsForResource', 'logs:TagResource'].map((action) => ({
        action,
        resource: application.arn('ShipmentProcessorLogGroup').replace(/:\*$/, ''),
      })),
      ...GRADUAL_CALLS.group.map((action) => request(action, group as Subject)),
      ...GRADUAL_CALLS.application.map((action) => request(action, deployed as Subject)),
      ...GRADUAL_CALLS.config.map((action) => ({
        action,
        resource: `arn:aws:codedeploy:us-east-1:${ACCOUNT}:deploymentconfig:CodeDeployDefault.LambdaCanary10Percent15Minutes`,
      })),
      ...GRADUAL_CALLS.any.map((action) => ({ action, resource: '*', context: BY_CLOUDFORMATION })),
    ];

    expect(exceptions(['Allow'], calls)).toEqual([]);
  });

  it('does the smoke test, and neither reads other rows nor puts other events', () => {
    const bus = application.arn('EventBus');
    const put = (source: string, detailType: string): Request => ({
      action: 'events:PutEvents',
      resource: bus,
      context: { 'events:source': [source], 'events:detail-type': [detailType] },
    });
    const read = (table: string, key: string | undefined, action = 'dynamodb:GetItem'): Request => ({
      action,
      resource: application.arn(table),
      context: key === undefined ? {} : { 'dynamodb:LeadingKeys': [key] },
    });

    expect(
      exceptions(
        ['Allow'],
        [
          put('logistics.shipment', 'Shipment Created'),
          read('ShipmentEventsTable', 'smoke-1764288000000'),
          read('ShipmentsTable', `${SMOKE_PREFIX}1764288000000`),
          read('ErrorEventsTable', `logistics-shipment-processor-${ENVIRONMENT}/0a1b2c3d`, 'dynamodb:Query'),
          { action: 'logs:FilterLogEvents', resource: application.arn('StatusPublisherLogGroup') },
        ],
      ),
    ).toEqual([]);
    expect(
      exceptions(
        ['ImplicitDeny'],
        [
          put('logistics.error', 'Critical Error'),
          put('logistics.shipment', 'Shipment Status Updated'),
          { action: 'events:PutEvents', resource: bus },
          read('ShipmentsTable', 'SHP-7'),
          read('ShipmentsTable', undefined),
          read('ShipmentsTable', `${SMOKE_PREFIX}1764288000000`, 'dynamodb:PutItem'),
          read('ShipmentsTable', undefined, 'dynamodb:Scan'),
          { action: 'logs:FilterLogEvents', resource: application.arn('StatusUpdaterLogGroup') },
        ],
      ),
    ).toEqual([]);
  });

  it('may make the calls that `conformance` asks IAM about, and not those that it must not', () => {
    const place = { partition: 'aws', region: 'us-east-1', account: ACCOUNT, environment: ENVIRONMENT };
    const { allowed, denied } = callsOf({ ...place, bucket: own.arn('Artifacts') });

    expect(exceptions(['Allow'], allowed)).toEqual([]);
    expect(exceptions(['Deny', 'ImplicitDeny'], denied)).toEqual([]);
  });

  it('has no permission that none of this needs', () => {
    const needed = new Set([
      ...Object.values(NEEDS).flatMap(({ keep, remove }) => [...keep, ...remove]),
      ...SAM_CALLS,
      ...ARTIFACT_CALLS,
      ...Object.values(GRADUAL_CALLS).flat(),
      ...[
        'dynamodb:GetItem',
        'dynamodb:Query',
        'events:PutEvents',
        'iam:PassRole',
        'logs:FilterLogEvents',
        's3:ListBucket',
      ],
      ...['kms:CreateGrant', 'kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey*'],
    ]);
    const READS = /^\w+:(Describe|Get|List)\*$/;

    const actions = granted.flatMap(({ Action }) => Action);
    expect(actions.filter((action) => !needed.has(action) && !READS.test(action))).toEqual([]);
  });
});

describe('another environment of the account', () => {
  it.each(['prod', `eu-${ENVIRONMENT}`, `${ENVIRONMENT}-eu`])('is out of reach: %s', (environment) => {
    const others = applicationOf(environment);
    const attempts = subjectsOf(others)
      // Neither changes without CloudFormation, which knows this stack's own only.
      .filter(({ type }) => type !== 'AWS::Logs::QueryDefinition')
      .flatMap((subject) => {
        const { keep, remove } = needsOf(subject);
        const context = {
          ...BOUNDED,
          'iam:PassedToService': 'lambda.amazonaws.com',
          'kms:ViaService': 'dynamodb.us-east-1.amazonaws.com',
        };
        return [...keep, ...remove, ...(DATA_CALLS[subject.type] ?? [])].map((action) =>
          request(action, subject, context),
        );
      })
      .filter(({ resource }) => resource !== '*');
    const roles: Request[] = rolesOf(environment).resources.flatMap(([id, { Type }]): Request[] => {
      const stack = rolesOf(environment);
      if (Type === 'AWS::S3::Bucket')
        return ARTIFACT_CALLS.map((action) => ({ action, resource: `${stack.arn(id)}/${others.name}/code` }));
      return Type === 'AWS::IAM::Role' ? [{ action: 'sts:AssumeRole', resource: stack.arn(id) }] : [];
    });
    const stacks = [...SAM_CALLS, 'cloudformation:DeleteStack', 'cloudformation:UpdateStack'].map((action) => ({
      action,
      resource: `arn:aws:cloudformation:us-east-1:${ACCOUNT}:stack/${others.name}/0a1b2c3d`,
    }));

    expect(attempts.length).toBeGreaterThan(300);
    expect(exceptions(['Deny', 'ImplicitDeny'], [...attempts, ...roles, ...stacks])).toEqual([]);
    // Nor does a role that the deploy role makes reach it, whatever its own policy says.
    const everything = { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
    expect(exceptions(['Deny', 'ImplicitDeny'], attempts, [everything, boundary])).toEqual([]);
  });
});

describe('the deploy role', () => {
  const role = (path: string) => `arn:aws:iam::${ACCOUNT}:role${path}`;
  const inPath = role(`/logistics/${ENVIRONMENT}/admin`);
  const everything = { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

  it('makes no user and no role that could do more than the stack’s', () => {
    expect(
      exceptions(
        ['Deny', 'ImplicitDeny'],
        [
          { action: 'iam:CreateUser', resource: `arn:aws:iam::${ACCOUNT}:user/x` },
          { action: 'iam:CreateRole', resource: inPath },
          {
            action: 'iam:CreateRole',
            resource: inPath,
            context: { 'iam:PermissionsBoundary': `arn:aws:iam::aws:policy/AdministratorAccess` },
          },
          { action: 'iam:CreateRole', resource: role('/logistics-event-processor-staging-admin'), context: BOUNDED },
          { action: 'iam:CreateRole', resource: role('/logistics/prod/admin'), context: BOUNDED },
          { action: 'iam:PutRolePolicy', resource: inPath },
          { action: 'iam:PutRolePolicy', resource: own.arn('DeployRole'), context: BOUNDED },
          { action: 'iam:UpdateAssumeRolePolicy', resource: own.arn('DeployRole') },
          { action: 'iam:AttachRolePolicy', resource: inPath, context: BOUNDED },
        ],
      ),
    ).toEqual([]);
  });

  it('may give a role everything, and the role may do what the functions need and nothing else', () => {
    expect(may({ action: 'iam:CreateRole', resource: inPath, context: BOUNDED })).toBe('Allow');
    expect(may({ action: 'iam:PutRolePolicy', resource: inPath, context: BOUNDED })).toBe('Allow');
    const table = application.arn('ShipmentsTable');
    const answers = decisions(
      [everything, boundary],
      [
        { action: 'dynamodb:PutItem', resource: table },
        { action: 'iam:CreateUser', resource: `arn:aws:iam::${ACCOUNT}:user/x` },
        { action: 'dynamodb:DeleteTable', resource: table },
        { action: 'sts:AssumeRole', resource: own.arn('DeployRole') },
        { action: 'lambda:UpdateFunctionCode', resource: application.arn('ShipmentProcessor') },
      ],
    );
    expect(answers).toEqual(['Allow', ...Array(4).fill('ImplicitDeny')]);
  });

  it('neither takes the boundary off nor changes it', () => {
    expect(
      exceptions(
        ['Deny'],
        [
          { action: 'iam:DeleteRolePermissionsBoundary', resource: inPath, context: BOUNDED },
          ...['CreatePolicyVersion', 'SetDefaultPolicyVersion', 'DeletePolicyVersion', 'DeletePolicy'].map((name) => ({
            action: `iam:${name}`,
            resource: boundaryArn,
          })),
        ],
      ),
    ).toEqual([]);
    const other = { 'iam:PermissionsBoundary': `arn:aws:iam::${ACCOUNT}:policy/wider` };
    expect(may({ action: 'iam:PutRolePermissionsBoundary', resource: inPath, context: other })).toBe('ImplicitDeny');
  });

  it('passes roles to Lambda and CodeDeploy, and to no other service', () => {
    const pass = (resource: string, service: string): Request => ({
      action: 'iam:PassRole',
      resource,
      context: { 'iam:PassedToService': service },
    });
    expect(
      exceptions(
        ['ImplicitDeny'],
        [
          pass(inPath, 'ec2.amazonaws.com'),
          pass(inPath, 'cloudformation.amazonaws.com'),
          pass(own.arn('DeployRole'), 'lambda.amazonaws.com'),
        ],
      ),
    ).toEqual([]);
  });

  it('opens no way around the bus, and lets no alarm or topic act on what is not the environment’s', () => {
    const alarm = application.arn('DurationAlarm');
    const acts = (...actions: string[]): Request => ({
      action: 'cloudwatch:PutMetricAlarm',
      resource: alarm,
      context: { 'cloudwatch:AlarmActions': actions },
    });
    const invokes = (resource: string, principal: string): Request => ({
      action: 'lambda:AddPermission',
      resource,
      context: { 'lambda:Principal': principal },
    });
    const subscribes = (protocol: string): Request => ({
      action: 'sns:Subscribe',
      resource: application.arn('AlertsTopic'),
      context: { 'sns:Protocol': protocol },
    });
    const alerts = application.arn('AlertsTopic');

    expect(
      exceptions(['Allow'], [acts(), acts(alerts), { action: 'cloudwatch:PutMetricAlarm', resource: alarm }]),
    ).toEqual([]);
    expect(
      exceptions(
        ['ImplicitDeny'],
        [
          acts(applicationOf('prod').arn('AlertsTopic')),
          acts(alerts, 'arn:aws:automate:us-east-1:ec2:terminate'),
          invokes(application.arn('StatusUpdater'), '*'),
          invokes(application.arn('StatusUpdater'), '999988887777'),
          invokes(application.arn('ShipmentProcessorAliaslive'), 's3.amazonaws.com'),
          subscribes('https'),
          subscribes('sqs'),
          {
            action: 'lambda:UntagResource',
            resource: `arn:aws:lambda:us-east-1:${ACCOUNT}:event-source-mapping:0a1b2c3d`,
          },
        ],
      ),
    ).toEqual([]);
  });

  it('changes neither its own stack nor what a stack did not make', () => {
    const stack = (name: string) => `arn:aws:cloudformation:us-east-1:${ACCOUNT}:stack/${name}/0a1b2c3d`;
    const imports = { 'cloudformation:ImportResourceTypes': ['AWS::KMS::Key'] };
    const foreignKey = `arn:aws:kms:us-east-1:${ACCOUNT}:key/foreign`;
    const asOurs = { 'aws:RequestTag/Application': APPLICATION, 'aws:RequestTag/Environment': ENVIRONMENT };
    expect(
      exceptions(
        ['ImplicitDeny'],
        [
          { action: 'cloudformation:CreateChangeSet', resource: stack(own.name) },
          { action: 'cloudformation:CreateChangeSet', resource: stack('aws-sam-cli-managed-default') },
          { action: 'cloudformation:CreateChangeSet', resource: stack(application.name), context: imports },
          { action: 'kms:TagResource', resource: foreignKey, context: asOurs },
          {
            action: 'kms:CreateKey',
            resource: '*',
            context: { ...BY_CLOUDFORMATION, ...asOurs, 'aws:RequestTag/Environment': 'prod' },
          },
          ...['PutKeyPolicy', 'ScheduleKeyDeletion', 'DisableKey', 'CreateGrant', 'Decrypt'].map((name) => ({
            action: `kms:${name}`,
            resource: foreignKey,
          })),
          { action: 'events:PutPermission', resource: '*' },
          { action: 'logs:DeleteQueryDefinition', resource: '*' },
          { action: 's3:PutBucketPolicy', resource: own.arn('Artifacts') },
          { action: 'secretsmanager:GetSecretValue', resource: `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:x` },
        ],
      ),
    ).toEqual([]);
  });

  it('is for jobs of its environment on main, in either form of GitHub’s subject', () => {
    const provider = own.arn('Provider');
    const token = (repository: string, environment: string, ref = 'refs/heads/main', aud = 'sts.amazonaws.com') => ({
      'token.actions.githubusercontent.com:aud': aud,
      'token.actions.githubusercontent.com:sub': `repo:${repository}:environment:${environment}`,
      'token.actions.githubusercontent.com:ref': ref,
    });
    const asked = (repository: string, tokens: ReturnType<typeof token>[]) =>
      trusts(
        rolesOf(ENVIRONMENT, repository).properties('DeployRole')['AssumeRolePolicyDocument'] as object,
        provider,
        tokens,
      );

    expect(
      asked(REPOSITORY, [
        token(REPOSITORY, ENVIRONMENT),
        token(REPOSITORY, 'prod'),
        token('octo/logistics', ENVIRONMENT),
        token('octo@1/logistics@3', ENVIRONMENT),
        token(REPOSITORY, ENVIRONMENT, 'refs/heads/feature'),
        token(REPOSITORY, ENVIRONMENT, 'refs/heads/main', 'https://github.com/octo'),
      ]),
    ).toEqual([true, false, false, false, false, false]);
    expect(asked('octo/logistics', [token('octo/logistics', ENVIRONMENT), token(REPOSITORY, ENVIRONMENT)])).toEqual([
      true,
      false,
    ]);
    const { AllowedPattern } = template.Parameters['Repository'] as { AllowedPattern: string };
    const accepts = (repository: string) => new RegExp(AllowedPattern).test(repository);
    expect(['octo/logistics', REPOSITORY].map(accepts)).toEqual([true, true]);
    expect(['octo', 'octo@1/logistics', 'octo/*', 'octo@x/logistics@y', 'a/b:environment:prod'].map(accepts)).toEqual(
      Array(5).fill(false),
    );
  });
});

describe('the boundary', () => {
  it('allows each role of the stack all that its own policy allows', () => {
    const roles = application.resources.filter(([, { Type }]) => Type === 'AWS::IAM::Role');
    const calls = roles.flatMap(([id]) => {
      const [{ PolicyDocument }] = application.properties(id)['Policies'] as [{ PolicyDocument: PolicyDocument }];
      return statements(PolicyDocument).flatMap(({ Action, Resource }) =>
        [Action].flat().flatMap((action) =>
          [Resource].flat().map(
            (resource): Request => ({
              action,
              resource,
              context: action.startsWith('kms:') ? { 'kms:ViaService': 'sns.us-east-1.amazonaws.com' } : {},
            }),
          ),
        ),
      );
    });

    expect(roles).toHaveLength(7);
    expect(exceptions(['Allow'], calls, [boundary])).toEqual([]);
  });

  it('bounds each of them, by the name that a deployment by GitHub gives', () => {
    for (const [id, { Type }] of application.resources)
      if (Type === 'AWS::IAM::Role') expect(application.properties(id)['PermissionsBoundary']).toBe(boundaryArn);
  });
});

describe('the role that tries what is expected of AWS', () => {
  const role = own.properties('ConformanceRole');
  const [{ PolicyDocument: tries }] = role['Policies'] as [{ PolicyDocument: PolicyDocument }];

  it('is trusted as the deploy role is', () => {
    expect(role['AssumeRolePolicyDocument']).toEqual(deployRole['AssumeRolePolicyDocument']);
  });

  it('makes and removes what has a name of the run, listens to the stack and replays its archive', () => {
    const place = (service: string) => `arn:aws:${service}:us-east-1:${ACCOUNT}:`;
    const named = (part: string) => `logistics-conformance-run${part}-${ENVIRONMENT}`;
    const [bus, rules] = [application.arn('EventBus'), `${place('events')}rule/logistics-events-${ENVIRONMENT}/`];
    const stream = `${place('lambda')}function:${named('-stream')}`;
    const asked: Record<string, readonly string[]> = {
      'dynamodb:CreateTable dynamodb:DeleteTable dynamodb:BatchWriteItem': [
        `${place('dynamodb')}table/${named('-log')}`,
      ],
      'events:PutRule events:PutTargets events:RemoveTargets events:DeleteRule': [`${rules}${named('')}`],
      'events:CreateEventBus events:DeleteEventBus': [`${place('events')}event-bus/${named('')}`],
      'events:CreateArchive events:DeleteArchive': [`${place('events')}archive/logistics-conformance-run`],
      'events:CreateArchive': [`${place('events')}event-bus/${named('')}`],
      'events:StartReplay': [bus, application.arn('Archive'), `${place('events')}replay/${named('-replay-1')}`],
      'events:PutEvents events:DescribeEventBus': [bus],
      'sqs:CreateQueue sqs:DeleteQueue sqs:ReceiveMessage': [`${place('sqs')}${named('')}`],
      'sqs:ReceiveMessage sqs:DeleteMessage': [application.arn('UnroutedQueue')],
      'sns:Subscribe sns:Unsubscribe': [application.arn('AlertsTopic'), application.arn('ProcessingTopic')],
      'sns:CreateTopic sns:Publish sns:DeleteTopic': [`${place('sns')}${named('')}`],
      'cloudwatch:PutMetricAlarm cloudwatch:SetAlarmState cloudwatch:DeleteAlarms': [
        `${place('cloudwatch')}alarm:${named('-plain')}`,
      ],
      'lambda:CreateFunction lambda:DeleteFunction': [stream],
      'lambda:RemovePermission lambda:GetPolicy': [`${application.arn('ShipmentProcessor')}:live`],
    };
    const requests = Object.entries(asked).flatMap(([actions, resources]) =>
      actions.split(' ').flatMap((action) => resources.map((resource): Request => ({ action, resource }))),
    );
    const mapping = { resource: '*', context: { 'lambda:FunctionArn': stream } };
    requests.push(
      { action: 'lambda:CreateEventSourceMapping', ...mapping },
      { action: 'lambda:DeleteEventSourceMapping', ...mapping },
    );
    requests.push({
      action: 'iam:PassRole',
      resource: `arn:aws:iam::${ACCOUNT}:role/logistics/${ENVIRONMENT}/publisher`,
      context: { 'iam:PassedToService': 'lambda.amazonaws.com' },
    });

    expect(exceptions(['Allow'], requests, [tries])).toEqual([]);
  });

  it('deletes no table, queue, bus, topic or function of the stack, and lets EventBridge alone invoke one', () => {
    const invokes = { action: 'lambda:AddPermission', resource: application.arn('ShipmentProcessor') };
    const attempts: Request[] = [
      ...['dynamodb:DeleteTable', 'dynamodb:Scan'].map((action) => ({
        action,
        resource: application.arn('ShipmentsTable'),
      })),
      { action: 'sqs:DeleteQueue', resource: application.arn('UnroutedQueue') },
      { action: 'events:DeleteEventBus', resource: application.arn('EventBus') },
      { action: 'events:DeleteRule', resource: application.arn('StatusUpdaterRule') },
      { action: 'sns:DeleteTopic', resource: application.arn('AlertsTopic') },
      { action: 'lambda:DeleteFunction', resource: application.arn('StatusUpdater') },
      { action: 'cloudwatch:DeleteAlarms', resource: application.arn('DurationAlarm') },
      { ...invokes, context: { 'lambda:Principal': ACCOUNT } },
      { action: 'iam:PutRolePolicy', resource: application.arn('StatusUpdaterRole') },
      { action: 'dynamodb:GetItem', resource: applicationOf('prod').arn('ShipmentsTable') },
    ];

    expect(exceptions(['Deny', 'ImplicitDeny'], attempts, [tries])).toEqual([]);
    const given = { ...invokes, context: { 'lambda:Principal': 'events.amazonaws.com' } };
    expect(exceptions(['Allow'], [given], [tries])).toEqual([]);
  });
});

describe('the bucket for artifacts', () => {
  it('is reached over TLS only', () => {
    const { PolicyDocument } = own.properties('ArtifactsPolicy') as { PolicyDocument: PolicyDocument };
    const read = (tls: string): Request => ({
      action: 's3:GetObject',
      resource: `${own.arn('Artifacts')}/code`,
      context: { 'aws:SecureTransport': tls },
    });

    const layer = { Statement: [...policy.Statement, ...PolicyDocument.Statement] };
    expect(decisions([layer], [read('true'), read('false')])).toEqual(['Allow', 'Deny']);
  });
});

describe('.github/deploy-role.yaml', () => {
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

  it('uses nothing of YAML that CloudFormation does not read: no anchors', () => {
    expect(readFileSync('.github/deploy-role.yaml', 'utf8')).not.toMatch(/(: |- )[&*]\w/);
  });
});
