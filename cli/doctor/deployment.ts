import { APPLICATION, NAMES } from '../../contracts/names';
import { attention, type Findings, ok, type Stack } from './check';
import { terminationProtection } from './stack';

/** States of a stack whose last operation has succeeded. */
const SETTLED = /^(CREATE|UPDATE|IMPORT)_COMPLETE$/;

export async function stack({ target, status }: Stack): Promise<Findings> {
  const name = target.name(APPLICATION);
  if (SETTLED.test(status)) return [ok(`${name}: ${status}`)];
  return [attention(`${name}: ${status}`, target.aws`cloudformation describe-stack-events --stack-name ${name}`)];
}

export async function outputs({ target, outputs }: Stack): Promise<Findings> {
  const bus = outputs.get('EventBusName');
  if (bus === target.name(NAMES.bus)) return [ok(`${outputs.size}, of the environment ${target.environment}`)];
  return [attention(`the bus is ${bus ?? 'not among them'}`, `deploy with EnvironmentSuffix=${target.environment}`)];
}

/** Checks that the stack has termination protection when its tables are protected. */
export async function deletion({ target, protectsTables, refusesDeletion }: Stack): Promise<Findings> {
  if (!protectsTables) return [];
  if (refusesDeletion) return [ok('the tables, the keys and the stack refuse it')];
  return [
    attention(
      'the tables and the keys refuse it, the stack does not: it has no termination protection',
      terminationProtection(target, true),
    ),
  ];
}
