import { markdownTable } from '../../lib/markdown';
import { LAYERS } from './layers';

const named = (folder: string) => `\`${folder}\``;

/** The layers for readers, a line each. */
export const layersTable = markdownTable(
  ['folder', 'holds', 'may import'],
  LAYERS.map(({ folder, holds, mayImport }, index) => {
    const isAll = mayImport.length === index && index > 1;
    return [named(folder), holds, isAll ? 'all of these' : mayImport.map(named).join(', ') || 'nothing of the project'];
  }),
);
