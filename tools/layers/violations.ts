import path from 'node:path';
import { parseSync } from '@swc/core';
import { LAYERS, type Layer } from './layers';

/** Source text of each module, by its path from the project's root. */
type Sources = ReadonlyMap<string, string>;

/** One line for each import that the table of layers does not allow. */
export function violations(sources: Sources): string[] {
  return [...sources].flatMap(([file, source]) => {
    const layer = layerOf(file);
    if (!layer) return [];
    return importsOf(source).flatMap((imported) =>
      isAllowed(layer, file, imported) ? [] : [`${file} must not import ${imported}: ${described(layer)}`],
    );
  });
}

const isIn = (module: string, folder: string) =>
  module === folder || module.startsWith(`${folder}/`) || module.replace(/\.[a-z]+$/, '') === folder;

const layerOf = (module: string) => LAYERS.find(({ folder }) => isIn(module, folder));

function isAllowed(layer: Layer, file: string, imported: string): boolean {
  if (!imported.startsWith('.')) return layer.packages?.includes(imported) ?? true;
  const module = path.join(path.dirname(file), imported);
  // A file in the project's root, like package.json, is in no layer.
  return isIn(module, layer.folder) || !layerOf(module) || layer.mayImport.some((folder) => isIn(module, folder));
}

function described({ folder, mayImport, packages }: Layer): string {
  const folders = `${folder} may import ${mayImport.join(', ') || 'no other folder'}`;
  return packages ? `${folders}; and the packages ${packages.join(', ') || '(none)'}` : folders;
}

/** Names of the modules that a module imports: values or types, statically or dynamically. */
function importsOf(source: string): string[] {
  const names: string[] = [];
  // `import … from`, `export … from`, `import(…)` and `require(…)` have different nodes; each holds the name as a string literal.
  JSON.stringify(parseSync(source, { syntax: 'typescript', target: 'es2022' }), (_, node) => {
    const literal = node?.source ?? (isCall(node) ? node.arguments[0]?.expression : node?.argument);
    if (literal?.type === 'StringLiteral' && (node.source || isCall(node) || node.type === 'TsImportType'))
      names.push(literal.value);
    return node;
  });
  return names;
}

const isCall = (node?: { type?: string; callee?: { type: string; value?: string } }) =>
  node?.type === 'CallExpression' && (node.callee?.type === 'Import' || node.callee?.value === 'require');
