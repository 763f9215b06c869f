/** The operator's command on this very stack, as one types it in a checkout. */
export const onStack = (command: string, options = '') =>
  ['npx logistics', command, '--env ${EnvironmentSuffix}', options].filter(Boolean).join(' ');
