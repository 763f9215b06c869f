/** Every claim, on answers of AWS by which it holds, and on answers that break it. */
import { globSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Claim } from '../../../../cli/conformance/claim';
import { CLAIMS } from '../../../../cli/conformance/claims';
import { COUNTED_UNITS } from '../../../../cli/conformance/dynamodb';
import { verdictOf } from '../../../../cli/conformance/run';
import { removeMessages, removeRows } from '../../../../cli/conformance/traces';
import { EMBEDDED_AWS } from '../../../../local/known-differences';
import { WRITE_UNITS } from '../../../../tools/cost/usage';
import { CASES, holding } from './cases';
import { type Answers, stubTrial } from './stub';

/** Parameters that claims need, each of which is on. */
const NEEDED = [...CLAIMS.flatMap(({ needs }) => needs ?? []), 'GradualDeployment'];

/** Every call of every claim below, as IAM names actions. */
const asked: string[] = [];

async function tried(claim: Claim, changed: Answers = {}) {
  const trial = stubTrial({ ...holding(), ...changed }, NEEDED, asked);
  trial.undo('messages', () => removeMessages(trial));
  trial.undo('rows', () => removeRows(trial));
  const defects: unknown[] = [];
  const verdict = await verdictOf(claim, trial, defects);
  return { ...verdict, defects, left: await trial.undoAll() };
}

const FOUND_OUT = { seen: expect.any(String), defects: [], left: [] };

it('each claim has its case, an id of its own, and says where it comes from and how it is tried', () => {
  const ids = CLAIMS.map(({ id }) => id);
  expect(Object.keys(CASES).sort()).toEqual([...ids].sort());
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining(Object.keys(EMBEDDED_AWS)));
  for (const { sentence, source, how } of CLAIMS) expect([sentence, source, how]).not.toContain('');
});

it.each(CLAIMS)('$id differs when AWS answers otherwise, and says what was seen', async (claim) => {
  const [answer, seen] = CASES[claim.id] ?? [{}, ''];
  expect(await tried(claim, answer)).toEqual({ ...FOUND_OUT, state: 'differs', seen: expect.stringContaining(seen) });
});

// The others are held on the embedded AWS: tests/integration/operator/conformance.test.ts.
it.each(CLAIMS.filter(({ id }) => id in EMBEDDED_AWS))('$id is held when AWS answers as it says', async (claim) => {
  expect(await tried(claim)).toEqual({ ...FOUND_OUT, state: 'held' });
});

/** What IAM calls otherwise than the API does. */
const ACTIONS: Readonly<Record<string, string>> = {
  'lambda:Invoke': 'lambda:InvokeFunction',
  'sqs:ChangeMessageVisibilityBatch': 'sqs:ChangeMessageVisibility',
};

/** Actions of a restore, a policy of a queue, a function's role and the run itself, which no claim above asks for. */
const BESIDE = [
  'cloudformation:DescribeStacks',
  'dynamodb:UpdateItem',
  'iam:PassRole',
  'sqs:ChangeMessageVisibility',
  'sqs:SetQueueAttributes',
];

it('makes the calls that the role of .github/deploy-role.yaml allows, and no others', () => {
  // Intrinsic functions do not matter here.
  const { Resources } = parse(readFileSync('.github/deploy-role.yaml', 'utf8'), { logLevel: 'silent' });
  const [{ PolicyDocument }] = Resources.ConformanceRole.Properties.Policies as [
    { PolicyDocument: { Statement: { Effect: string; Action: string[] }[] } },
  ];
  const allowed = PolicyDocument.Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
  const made = asked.map((call) => ACTIONS[call] ?? call);

  expect([...new Set([...made, ...BESIDE])].sort()).toEqual([...new Set(allowed)].sort());
});

it.each(CLAIMS.filter(({ needs }) => needs))('$id is not tried where $needs is off', async (claim) => {
  const seen = `${claim.needs} is off in this environment`;
  expect(await verdictOf(claim, stubTrial(holding()), [])).toEqual({ state: 'not tried', seen });
});

it('gradual-deployment is not tried where GradualDeployment is off', async () => {
  const claim = CLAIMS.find(({ id }) => id === 'gradual-deployment');
  const seen = expect.stringMatching(/^GradualDeployment is off .*: deploy a change with it on/);
  expect(await claim?.try(stubTrial(holding()))).toEqual({ state: 'not tried', seen });
});

it('counts the write units that the costs are made of', () => {
  expect(WRITE_UNITS).toMatchObject(COUNTED_UNITS);
});

it('each link to a claim is called by its id', () => {
  const texts = globSync(['README.md', 'docs/**/*.md']).map((file) => readFileSync(file, 'utf8'));
  const others = texts.flatMap((text) => text.match(/`([a-z-]+)`\]\([./]*conformance\.md#(?!\1\))/g) ?? []);
  expect(others).toEqual([]);
});

it('docs/emulator.md says where the embedded AWS differs, of each claim that differs there', () => {
  const emulator = readFileSync('docs/emulator.md', 'utf8');
  const differing = Object.keys(EMBEDDED_AWS).filter((id) => EMBEDDED_AWS[id] === 'differs');
  expect(differing.filter((id) => !emulator.includes(`(conformance.md#${id})`))).toEqual([]);
});
