import { APPLICATION, NAMES } from '../../contracts/names';
import { attention, type Check, ok } from './check';
import { terminationProtection } from './stack';

/** States in which CloudFormation has nothing under way and nothing failed. */
const SETTLED = /^(CREATE|UPDATE|IMPORT)_COMPLETE$/;

/** What CloudFormation says of the stack as a whole. */
export const deployment: readonly Check[] = [
  {
    name: 'stack',
    async run({ target, status }) {
      const name = target.name(APPLICATION);
      if (SETTLED.test(status)) return [ok(`${name}: ${status}`)];
      return [attention(`${name}: ${status}`, target.aws`cloudformation describe-stack-events --stack-name ${name}`)];
    },
  },
  {
    name: 'outputs',
    async run({ target, outputs }) {
      const bus = outputs.get('EventBusName');
      if (bus === target.name(NAMES.bus)) return [ok(`${outputs.size}, of the environment ${target.environment}`)];
      return [
        attention(`the bus is ${bus ?? 'not among them'}`, `deploy with EnvironmentSuffix=${target.environment}`),
      ];
    },
  },
  {
    name: 'deletion',
    async run({ target, protectsTables, refusesDeletion }) {
      // Where anybody may start over, nothing is protected.
      if (!protectsTables) return [];
      if (refusesDeletion) return [ok('the tables, the keys and the stack refuse it')];
      return [
        attention(
          'the tables and the keys refuse it, the stack does not: it has no termination protection',
          terminationProtection(target, true),
        ),
      ];
    },
  },
];
