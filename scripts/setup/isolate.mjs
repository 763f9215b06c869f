/** Variables of the caller's by which a tool would reach another AWS, or a proxy: npm start must stay on this machine with any of them. */
const LEADS_ELSEWHERE = /^(AWS|_*SAM|BOTO)_|^(https?|all|ftp|no)_proxy$|^npm_config_.*proxy$|^NODE_USE_ENV_PROXY$/i;

/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:9';

/**
 * Changes an environment so that what runs in it reaches nothing outside of this machine, and reads no configuration of AWS's that would
 * say otherwise. For everything but set-up, whose npm and pip may need the caller's proxy.
 * @param {NodeJS.ProcessEnv} env
 */
export function isolate(env) {
  for (const name of Object.keys(env)) if (LEADS_ELSEWHERE.test(name)) delete env[name];
  if (env.NODE_OPTIONS) env.NODE_OPTIONS = env.NODE_OPTIONS.replaceAll(/--use-env-proxy(=\S*)?/g, '');
  Object.assign(env, {
    // SAM asks PyPI once a week whether there is a newer SAM, and no setting of its own stops it.
    http_proxy: NOWHERE,
    https_proxy: NOWHERE,
    all_proxy: NOWHERE,
    no_proxy: '127.0.0.1,localhost',
    SAM_CLI_TELEMETRY: '0',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
}
