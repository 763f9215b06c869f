import {
  DescribeStacksCommand,
  paginateListStackResources,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import { APPLICATION } from '../../contracts/names';
import { UserError } from '../../lib/user-error.mjs';
import type { Target } from '../target/target';
import type { Stack } from './check';

export async function findStack(target: Target, name: string = APPLICATION): Promise<Stack | undefined> {
  const StackName = target.name(name);
  try {
    const { Stacks: [stack] = [] } = await target.stacks.send(new DescribeStacksCommand({ StackName }));
    if (!stack) return undefined;
    const parameters = new Map(stack.Parameters?.map((pair) => [pair.ParameterKey ?? '', pair.ParameterValue ?? '']));
    return {
      target,
      arn: stack.StackId ?? StackName,
      status: stack.StackStatus ?? 'unknown',
      outputs: new Map(stack.Outputs?.map((pair) => [pair.OutputKey ?? '', pair.OutputValue ?? ''])),
      parameters,
      protectsTables: parameters.get('TableDeletionProtection') === 'true',
      refusesDeletion: stack.EnableTerminationProtection ?? false,
    };
  } catch (error) {
    // CloudFormation has no specific error for a missing stack.
    if (error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message))
      return undefined;
    throw error;
  }
}

/** @throws UserError when there is no such stack */
export async function describeStack(target: Target): Promise<Stack> {
  const stack = await findStack(target);
  if (stack) return stack;
  throw new UserError(
    `there is no stack ${target.name(APPLICATION)}: check --env, --region and the account, or deploy it`,
  );
}

export async function resourcesOf(target: Target): Promise<StackResourceSummary[]> {
  const pages = paginateListStackResources({ client: target.stacks }, { StackName: target.name(APPLICATION) });
  const resources: StackResourceSummary[] = [];
  for await (const { StackResourceSummaries = [] } of pages) resources.push(...StackResourceSummaries);
  return resources;
}

export const terminationProtection = ({ aws, name }: Target, on: boolean) =>
  on
    ? aws`cloudformation update-termination-protection --stack-name ${name(APPLICATION)} --enable-termination-protection`
    : aws`cloudformation update-termination-protection --stack-name ${name(APPLICATION)} --no-enable-termination-protection`;
