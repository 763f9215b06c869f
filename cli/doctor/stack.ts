import {
  DescribeStacksCommand,
  paginateListStackResources,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import { APPLICATION, NAMES } from '../../contracts/names';
import { UserError } from '../../lib/user-error.mjs';
import type { Target } from '../target/target';
import { attention, type Finding, ok, type Stack } from './check';

interface DescribedStack extends Stack {
  readonly arn: string;
  readonly findings: readonly Finding[];
  /** The parameter that protects tables and keys is on. */
  readonly protectsTables: boolean;
  /** CloudFormation's own protection of the stack is on. */
  readonly refusesDeletion: boolean;
}

/** States in which CloudFormation has nothing under way and nothing failed. */
const SETTLED = /^(CREATE|UPDATE|IMPORT)_COMPLETE$/;

/** @throws UserError when there is no such stack */
export async function describeStack(target: Target): Promise<DescribedStack> {
  const name = target.name(APPLICATION);
  const stack = await findStack(target);
  if (!stack) throw new UserError(`there is no stack ${name}: check --env, --region and the account, or deploy it`);
  const outputs = new Map(
    (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
  );
  const status = stack.StackStatus ?? 'unknown';
  const bus = outputs.get('EventBusName');
  const isOurs = bus === target.name(NAMES.bus);
  const parameters = new Map(
    (stack.Parameters ?? []).map(({ ParameterKey = '', ParameterValue = '' }) => [ParameterKey, ParameterValue]),
  );
  const protectsTables = parameters.get('TableDeletionProtection') === 'true';
  const refusesDeletion = stack.EnableTerminationProtection ?? false;
  return {
    target,
    outputs,
    parameters,
    arn: stack.StackId ?? name,
    protectsTables,
    refusesDeletion,
    findings: [
      SETTLED.test(status)
        ? { check: 'stack', ...ok(`${name}: ${status}`) }
        : {
            check: 'stack',
            ...attention(`${name}: ${status}`, target.aws`cloudformation describe-stack-events --stack-name ${name}`),
          },
      isOurs
        ? { check: 'outputs', ...ok(`${outputs.size}, of the environment ${target.environment}`) }
        : {
            check: 'outputs',
            ...attention(
              `the bus is ${bus ?? 'not among them'}`,
              `deploy with EnvironmentSuffix=${target.environment}`,
            ),
          },
      // Where anybody may start over, nothing is protected.
      ...(protectsTables ? [{ check: 'deletion', ...protectionOf(refusesDeletion, target) }] : []),
    ],
  };
}

const protectionOf = (refusesDeletion: boolean, target: Target) =>
  refusesDeletion
    ? ok('the tables, the keys and the stack refuse it')
    : attention(
        'the tables and the keys refuse it, the stack does not: it has no termination protection',
        terminationProtection(target, true),
      );

/** The AWS CLI's command that turns a stack's termination protection on or off. */
export const terminationProtection = ({ aws, name }: Target, on: boolean) =>
  on
    ? aws`cloudformation update-termination-protection --stack-name ${name(APPLICATION)} --enable-termination-protection`
    : aws`cloudformation update-termination-protection --stack-name ${name(APPLICATION)} --no-enable-termination-protection`;

/** The stack as CloudFormation describes it; undefined when there is none. */
export async function findStack({ stacks, name }: Target) {
  try {
    const { Stacks } = await stacks.send(new DescribeStacksCommand({ StackName: name(APPLICATION) }));
    return Stacks?.[0];
  } catch (error) {
    if (saysThereIsNoStack(error)) return undefined;
    throw error;
  }
}

export async function resourcesOf(target: Target): Promise<StackResourceSummary[]> {
  const pages = paginateListStackResources({ client: target.stacks }, { StackName: target.name(APPLICATION) });
  const resources: StackResourceSummary[] = [];
  for await (const { StackResourceSummaries = [] } of pages) resources.push(...StackResourceSummaries);
  return resources;
}

/** CloudFormation has no error of its own for a stack that is not there. */
const saysThereIsNoStack = (error: unknown) =>
  error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message);
