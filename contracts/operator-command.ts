/**
 * The operator's command as alarms, hints and documents have it, typed in a checkout. Elsewhere `npx logistics` would fetch and run
 * whatever package has that name in the registry, with the operator's credentials; with `--no-install` it runs nothing. (Of
 * `npx --no logistics --help`, the newer spelling, npm 11 makes its own help: it reads the word after `--no` as a value.)
 */
export const OPERATOR_COMMAND = 'npx --no-install logistics';
