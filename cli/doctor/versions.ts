import { GetAliasCommand, paginateListVersionsByFunction } from '@aws-sdk/client-lambda';
import { FUNCTION_KEYS, functionName, LIVE_ALIAS } from '../../contracts/functions';
import type { Target } from '../target/target';
import { attention, type Findings, ok, type Stack } from './check';

/** Checks that each alias points at the last version published. By hand or by a rollback it may point at an earlier one. */
export async function versions({ target }: Stack): Promise<Findings> {
  const functions = await Promise.all(FUNCTION_KEYS.map((key) => versionsOf(target.name(functionName(key)), target)));
  const outdated = functions.filter(({ live, weights, last }) => ![live, ...Object.keys(weights)].includes(last));
  if (outdated.length === 0) return [ok(functions.map(describe).join('; '))];
  return outdated.map(({ name, live, last }) =>
    attention(`${name} runs version ${live}, the last one published is ${last}`, 'deploy the source that is to run'),
  );
}

type Versions = Awaited<ReturnType<typeof versionsOf>>;

async function versionsOf(FunctionName: string, target: Target) {
  const alias = await target.lambda.send(new GetAliasCommand({ FunctionName, Name: LIVE_ALIAS }));
  let last = 0;
  for await (const { Versions = [] } of paginateListVersionsByFunction({ client: target.lambda }, { FunctionName })) {
    const published = Versions.map(({ Version }) => Version).filter((version) => version !== '$LATEST');
    last = Math.max(last, ...published.map(Number));
  }
  return {
    name: FunctionName,
    live: alias.FunctionVersion ?? 'none',
    /** During a gradual deployment: the new version's share of invocations, from 0 to 1. */
    weights: alias.RoutingConfig?.AdditionalVersionWeights ?? {},
    last: String(last),
  };
}

function describe({ name, live, weights }: Versions): string {
  const others = Object.entries(weights).map(([version, share]) => `, ${version} for ${Math.round(share * 100)} %`);
  return `${name} runs ${live}${others.join('')}`;
}
