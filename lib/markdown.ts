const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

/**
 * A table in Markdown.
 * @param isPadded its columns line up on a terminal too
 */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[], isPadded = false): string {
  const widths = head.map((_, column) =>
    isPadded ? Math.max(3, ...[head, ...rows].map((cells) => cells[column]?.length ?? 0)) : 0,
  );
  const line = (cells: readonly string[]) => row(cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)));
  return [line(head), row(widths.map((width) => '-'.repeat(width || 3))), ...rows.map(line)].join('\n');
}
