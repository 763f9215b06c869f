/** Every claim on answers of AWS for which it holds, and on answers for which it differs. */
import { globSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Claim } from '../../../../cli/conformance/claim';
import { CLAIMS } from '../../../../cli/conformance/claims';
import { COUNTED_UNITS } from '../../../../cli/conformance/dynamodb';
import { verdictOf } from '../../../../cli/conformance/run';
import { removeMessages, removeRows } from '../../../../cli/conformance/traces';
import { Trial } from '../../../../cli/conformance/trial';
import { targetOf } from '../../../../cli/target/target';
import { EMBEDDED_AWS } from '../../../../local/known-differences';
import { WRITE_UNITS } from '../../../../tools/cost/usage';
import { ANY_OTHER, type Answers, answers, calls } from '../mocked-aws';
import { ARN, CASES, holding, RUN } from './cases';

/** Parameters that claims need. */
const NEEDED = [...CLAIMS.flatMap(({ needs }) => needs ?? []), 'GradualDeployment'];

/** Calls of all claims in this file, as `service:Operation`. */
const made = new Set<string>();

afterEach(() => {
  for (const { service, operation } of calls) made.add(`${service}:${operation}`);
});

/** A trial on a stack that gives these answers, with these parameters on, in which a minute is 5 ms. */
function aTrial(changed: Answers = {}, on: readonly string[] = []) {
  Object.assign(answers, { [ANY_OTHER]: {}, ...holding(), ...changed });
  const target = targetOf({ env: 'dev', region: 'us-east-1' });
  // IAM has no client: its calls are HTTP requests.
  const simulate = answers['SimulatePrincipalPolicy'] as () => object;
  const requestHandler = { handle: async () => ({ response: { body: simulate() } }) };
  const credentials = async () => ({ accessKeyId: 'a', secretAccessKey: 's' });
  Object.assign(target.stacks.config, { credentials, requestHandler });
  const respond = answers['fetch'] as (init?: RequestInit) => ResponseInit;
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (_, init) => new Response('', respond(init)));
  const parameters = new Map(on.map((parameter) => [parameter, 'true']));
  const outputs = new Map([
    ['ProcessingTopicArn', 'arn:processing'],
    ['CarrierWebhookUrl', 'https://id.lambda-url.us-east-1.on.aws/'],
  ]);
  return new Trial({ target, arn: ARN, parameters, outputs }, RUN, 5, new AbortController().signal, true);
}

async function tryClaim(claim: Claim, changed?: Answers) {
  const trial = aTrial(changed, NEEDED);
  trial.undo('messages', () => removeMessages(trial));
  trial.undo('rows', () => removeRows(trial));
  const defects: unknown[] = [];
  const verdict = await verdictOf(claim, trial, defects);
  return { ...verdict, defects, remaining: await trial.undoAll() };
}

const CLEAN = { seen: expect.any(String), defects: [], remaining: [] };

it('each claim has a case, a unique id, a sentence, a source and a description of its trial', () => {
  const ids = CLAIMS.map(({ id }) => id);
  expect(Object.keys(CASES).sort()).toEqual([...ids].sort());
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining(Object.keys(EMBEDDED_AWS)));
  for (const { sentence, source, how } of CLAIMS) expect([sentence, source, how]).not.toContain('');
});

it.each(CLAIMS)('$id differs on other answers, and reports the observation', async (claim) => {
  const [answer, seen] = CASES[claim.id] ?? [{}, ''];
  expect(await tryClaim(claim, answer)).toEqual({ ...CLEAN, state: 'differs', seen: expect.stringContaining(seen) });
});

// The other claims hold on the embedded AWS: tests/integration/operator/conformance.test.ts.
it.each(CLAIMS.filter(({ id }) => id in EMBEDDED_AWS))('$id holds when AWS behaves as claimed', async (claim) => {
  expect(await tryClaim(claim)).toEqual({ ...CLEAN, state: 'held' });
});

/** Actions that have another name in IAM than in the API. */
const ACTIONS: Readonly<Record<string, string>> = {
  'lambda:Invoke': 'lambda:InvokeFunction',
  'sqs:ChangeMessageVisibilityBatch': 'sqs:ChangeMessageVisibility',
};

/** Other actions: of a restore, a queue's policy, a function's role, the policy simulator and the run itself. */
const OTHER_ACTIONS = [
  'cloudformation:DescribeStacks',
  'dynamodb:UpdateItem',
  'iam:PassRole',
  'iam:SimulatePrincipalPolicy',
  'sqs:ChangeMessageVisibility',
  'sqs:SetQueueAttributes',
];

it('claims make the calls that the role of .github/deploy-role.yaml allows, and no others', () => {
  // Without warnings about intrinsic functions, which do not matter here.
  const { Resources } = parse(readFileSync('.github/deploy-role.yaml', 'utf8'), { logLevel: 'silent' });
  const [{ PolicyDocument }] = Resources.ConformanceRole.Properties.Policies as [
    { PolicyDocument: { Statement: { Effect: string; Action: string[] }[] } },
  ];
  const allowed = PolicyDocument.Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
  const actions = [...made].map((call) => ACTIONS[call] ?? call);

  expect([...new Set([...actions, ...OTHER_ACTIONS])].sort()).toEqual([...new Set(allowed)].sort());
});

it.each(CLAIMS.filter(({ needs }) => needs))('$id is not tried where $needs is off', async (claim) => {
  const seen = `${claim.needs} is off in this environment`;
  expect(await verdictOf(claim, aTrial(), [])).toEqual({ state: 'not tried', seen });
});

it('gradual-deployment is not tried where GradualDeployment is off', async () => {
  const claim = CLAIMS.find(({ id }) => id === 'gradual-deployment');
  const seen = expect.stringMatching(/^GradualDeployment is off .*: deploy a change with it on/);
  expect(await claim?.try(aTrial())).toEqual({ state: 'not tried', seen });
});

it('the write units of the claim are those of the cost calculation', () => {
  expect(WRITE_UNITS).toMatchObject(COUNTED_UNITS);
});

it('each link to a claim has the id of the claim as its text', () => {
  const texts = globSync(['README.md', 'docs/**/*.md']).map((file) => readFileSync(file, 'utf8'));
  const others = texts.flatMap((text) => text.match(/`([a-z-]+)`\]\([./]*conformance\.md#(?!\1\))/g) ?? []);
  expect(others).toEqual([]);
});

it('docs/emulator.md links each claim that differs on the embedded AWS', () => {
  const emulator = readFileSync('docs/emulator.md', 'utf8');
  const differing = Object.keys(EMBEDDED_AWS).filter((id) => EMBEDDED_AWS[id] === 'differs');
  expect(differing.filter((id) => !emulator.includes(`(conformance.md#${id})`))).toEqual([]);
});
