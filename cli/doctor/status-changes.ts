import { paginateListEventSourceMappings } from '@aws-sdk/client-lambda';
import { functionName, LIVE_ALIAS, STREAM_FUNCTION_KEYS } from '../../contracts/functions';
import type { Target } from '../target/target';
import { attention, type Findings, ok, type Stack } from './check';

/** Checks that the publisher reads its stream when PublishStatusChanges is true. */
export async function statusChanges({ target, parameters }: Stack): Promise<Findings> {
  if (parameters.get('PublishStatusChanges') !== 'true') return [ok('not published: PublishStatusChanges is false')];
  const mappings = await Promise.all(
    STREAM_FUNCTION_KEYS.map((key) => mappingOf(target.name(functionName(key)), target)),
  );
  return mappings.map(({ FunctionName, uuid, state, result }) => {
    if (state === 'Enabled') return ok(`published by ${FunctionName}; last batch: ${result}`);
    if (uuid === undefined) return attention(`${FunctionName} has no stream to read`, 'deploy the stack again');
    return attention(
      `${FunctionName} does not read its stream: its mapping is ${state}`,
      target.aws`lambda update-event-source-mapping --uuid ${uuid} --enabled`,
    );
  });
}

async function mappingOf(FunctionName: string, { lambda }: Target) {
  const pages = paginateListEventSourceMappings({ client: lambda }, { FunctionName: `${FunctionName}:${LIVE_ALIAS}` });
  for await (const { EventSourceMappings = [] } of pages) {
    const [mapping] = EventSourceMappings;
    if (mapping) {
      const { UUID: uuid, State: state = 'unknown', LastProcessingResult: result = 'none' } = mapping;
      return { FunctionName, uuid, state, result };
    }
  }
  return { FunctionName };
}
