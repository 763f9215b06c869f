/** Links between documents break when files or headings are renamed, or schemas get a new version. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { checkoutFiles } from '../../../tools/checkout.mjs';

const proseOf = (file: string) => readFileSync(file, 'utf8').replaceAll(/^```.*?^```|`[^`\n]+`/gms, '');

/** Anchors of a document: its `<a id="…">`, and its headings by GitHub's rule. */
function anchorsIn(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const slug = (heading: string) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-');
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => slug(heading));
  return [...headings, ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id)];
}

it.each(checkoutFiles('*.md'))('%s links only to existing files and headings', (document) => {
  const targets = [...proseOf(document).matchAll(/\]\((?!\w+:)([^)\s]+)\)/g)].map(([, target = '']) => target);
  const broken = targets.filter((target) => {
    const [name, anchor] = target.split('#');
    const file = name ? path.join(path.dirname(document), name) : document;
    return !existsSync(file) || (anchor !== undefined && !anchorsIn(file).includes(anchor));
  });
  expect(broken).toEqual([]);
});
