import { mustBe, type Rules } from './rule';

/** What rule packs find and what stays, by the type it is found on; why, the template's metadata says. */
const STAYS: Readonly<Record<string, readonly string[]>> = {
  'AWS::KMS::Key': ['CKV_AWS_33'],
  'AWS::SQS::Queue': ['CKV_AWS_27', 'ES6000'],
  'AWS::Serverless::Function': ['CKV_AWS_115', 'CKV_AWS_116', 'CKV_AWS_117', 'WS1000', 'WS1004'],
  'AWS::Lambda::Permission': ['ES1007'],
  'AWS::Events::Rule': ['ES4000'],
  'AWS::SNS::Subscription': ['ES7000'],
};

/** Where a rule of a type does hold. */
const HOLDS: Readonly<Record<string, readonly string[]>> = {
  CKV_AWS_33: ['TopicKey'],
  CKV_AWS_115: ['ShipmentProcessor'],
  ES4000: ['ShipmentProcessorRule', 'StatusUpdaterRule', 'NotificationHandlerRule'],
};

interface Answers {
  readonly checkov?: { readonly skip: readonly { readonly id: string; readonly comment: string }[] };
  readonly 'cfn-lint'?: {
    readonly config: { readonly ignore_checks: readonly string[] };
    readonly reasons: Readonly<Record<string, string>>;
  };
}

export const findingRules: Rules = {
  'what rule packs find and what stays is on this list, and has a reason': ({ Resources }) =>
    Object.entries(Resources).flatMap(([id, { Type, Metadata = {} }]) => {
      const { checkov, 'cfn-lint': cfnLint } = Metadata as Answers;
      const reasons = {
        ...Object.fromEntries((checkov?.skip ?? []).map(({ id: rule, comment }) => [rule, comment])),
        ...cfnLint?.reasons,
      };
      return [
        ...mustBe(
          `what stays of ${id}`,
          Object.keys(reasons),
          (STAYS[Type] ?? []).filter((rule) => !HOLDS[rule]?.includes(id)),
        ),
        ...mustBe(
          `what cfn-lint ignores of ${id}`,
          cfnLint?.config.ignore_checks ?? [],
          Object.keys(cfnLint?.reasons ?? {}),
        ),
        ...Object.entries(reasons).flatMap(([rule, reason]) => (reason.length > 20 ? [] : [`${id} ${rule}: why?`])),
      ];
    }),
};
