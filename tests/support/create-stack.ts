/** Creates and updates a stack without `sam deploy`, which takes three seconds of processor time. Tests of a deployment use SAM. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  type Parameter,
  type StackStatus,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { APPLICATION, inEnvironment } from '../../contracts/names';
import { run } from '../../lib/processes.mjs';
import { toolPython } from '../../lib/tools.mjs';
import { until } from '../../lib/until.mjs';
import { ask } from '../../local/ask';
import { DEPLOYED_TEMPLATE, type Deployment, ENVIRONMENT, readStack } from '../../local/deploy';
import { CREDENTIALS, REGION } from '../../local/environment';
import { signed } from '../../local/signature';
import { LOCAL_OVERRIDES } from '../../template-src/samconfig';

const BUCKET = 'built';

const ZIP = `
import pathlib, shutil, sys
for folder in pathlib.Path(sys.argv[1]).iterdir():
    if folder.is_dir():
        shutil.make_archive(f"{sys.argv[2]}/{folder.name}", "zip", folder)
`;

/** Folder of a build's packages. It is beside the build, because a test compares that with another build. */
const packagesOf = (build: string) => path.join(path.dirname(build), 'packages');

/** Zips each function's folder, as `sam package` does. */
export async function zipBuild(build: string): Promise<void> {
  const { code, output } = await run(toolPython('sam'), ['-c', ZIP, build, packagesOf(build)], { quiet: true });
  if (code !== 0) throw new Error(output);
}

/** The template, with the functions' code at the place to which {@link upload} uploads it. */
function packagedTemplate(build: string): string {
  const template = JSON.parse(readFileSync(path.join(build, DEPLOYED_TEMPLATE), 'utf8'));
  for (const [id, { Type, Properties }] of Object.entries<{ Type: string; Properties: object }>(template.Resources))
    if (Type === 'AWS::Serverless::Function') Object.assign(Properties, { CodeUri: `s3://${BUCKET}/${id}.zip` });
  return JSON.stringify(template);
}

/** Creates the bucket, then uploads the functions' code and the template. */
async function upload(endpoint: string, build: string): Promise<void> {
  const put = async (key: string, body: Buffer | string) => {
    const url = new URL(`${endpoint}/${BUCKET}/${key}`);
    const { status } = await ask(url, { method: 'PUT', headers: signed('s3', 'PUT', url, body) }, body);
    if (status !== 200) throw new Error(`${url} answered ${status}`);
  };
  await put('', '');
  await put(DEPLOYED_TEMPLATE, packagedTemplate(build));
  const packages = packagesOf(build);
  for (const file of readdirSync(packages)) await put(file, readFileSync(path.join(packages, file)));
}

const clientOf = (endpoint: string) => new CloudFormationClient({ endpoint, region: REGION, credentials: CREDENTIALS });

/** What creates and updates of the stack have in common. A template in the request's body may have 51,200 bytes at most. */
const REQUEST = {
  StackName: inEnvironment(APPLICATION, ENVIRONMENT),
  TemplateURL: `https://s3.${REGION}.amazonaws.com/${BUCKET}/${DEPLOYED_TEMPLATE}`,
  Capabilities: ['CAPABILITY_IAM' as const],
};

/** @param override `Name=value` @returns CloudFormation's form of it */
function parameterOf(override: string): Parameter {
  const [ParameterKey, ParameterValue] = override.split('=');
  return { ParameterKey, ParameterValue };
}

/** Waits until CloudFormation has finished. @throws when the stack has another status than `finished` then */
const untilFinished = (endpoint: string, finished: StackStatus) =>
  until(async () => {
    const { StackStatus, outputs } = await readStack(endpoint);
    if (StackStatus?.endsWith('_IN_PROGRESS')) return false;
    if (StackStatus !== finished) throw new Error(`the stack has the status ${StackStatus}`);
    return outputs;
  });

/** Creates the stack from a build that {@link zipBuild} has zipped. */
export async function createStack(endpoint: string, build: string): Promise<Deployment> {
  await upload(endpoint, build);
  const Parameters = LOCAL_OVERRIDES.map(parameterOf);
  await clientOf(endpoint).send(new CreateStackCommand({ ...REQUEST, Parameters }));
  return { outputs: await untilFinished(endpoint, 'CREATE_COMPLETE'), build };
}

/** Updates a stack that {@link createStack} created. @param override `Name=value`; other parameters keep their values */
export async function updateStack(endpoint: string, override: string): Promise<void> {
  const changed = parameterOf(override);
  const { parameters } = await readStack(endpoint);
  // An imported stack lacks the parameters of what was not imported.
  const others = parameters.filter(({ ParameterKey }) => ParameterKey !== changed.ParameterKey);
  const Parameters = [changed, ...others.map(({ ParameterKey }) => ({ ParameterKey, UsePreviousValue: true }))];
  await clientOf(endpoint).send(new UpdateStackCommand({ ...REQUEST, Parameters }));
  await untilFinished(endpoint, 'UPDATE_COMPLETE');
}
