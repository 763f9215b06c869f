/**
 * `node cdk-app.mjs <template.json> [folder]`: a CDK app of the same resources, parameters and conditions, as plain as CDK has them. Without
 * a folder it is `cdk` that says where to.
 */
import { readFileSync } from 'node:fs';
import { App, CfnCondition, CfnParameter, CfnResource, Stack } from 'aws-cdk-lib';

const [file, outdir] = process.argv.slice(2);
const template = JSON.parse(readFileSync(file, 'utf8'));
const app = new App(outdir ? { outdir } : {});
const stack = new Stack(app, 'Equal');
stack.addTransform(template.Transform);
for (const [id, { Type: type, Default }] of Object.entries(template.Parameters))
  new CfnParameter(stack, id, { type, default: Default });
for (const [id, expression] of Object.entries(template.Conditions))
  new CfnCondition(stack, id, { expression: { resolve: () => expression, creationStack: [] } });
for (const [id, { Type: type, Properties: properties }] of Object.entries(template.Resources))
  new CfnResource(stack, id, { type, properties });
app.synth();
