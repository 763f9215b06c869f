import { OPERATOR_COMMAND } from '../../contracts/operator-command';

/** The operator's command on this very stack, as one types it in a checkout. */
export const onStack = (command: string, options = '') =>
  [OPERATOR_COMMAND, command, '--env ${EnvironmentSuffix}', options].filter(Boolean).join(' ');
