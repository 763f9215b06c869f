import { markdownTable } from '../../lib/markdown';
import { LAYERS } from './layers';

const asCode = (folder: string) => `\`${folder}\``;

/** The table of layers in CONTRIBUTING.md. */
export const layersTable = markdownTable(
  ['folder', 'holds', 'may import'],
  LAYERS.map(({ folder, holds, mayImport }, index) => {
    const isAll = mayImport.length === index && index > 1;
    return [
      asCode(folder),
      holds,
      isAll ? 'all of these' : mayImport.map(asCode).join(', ') || 'nothing of the project',
    ];
  }),
);
