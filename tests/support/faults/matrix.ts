import type { Act } from '../../../local/faults/fault';

/** The tried points as a table: event kinds by faults, `held/tried`. */
export class Matrix {
  private readonly cells = new Map<string, Map<Act, { held: number; tried: number }>>();

  add(kind: string, act: Act, held: boolean): void {
    const row = this.cells.get(kind) ?? new Map();
    const cell = row.get(act) ?? { held: 0, tried: 0 };
    row.set(act, { held: cell.held + (held ? 1 : 0), tried: cell.tried + 1 });
    this.cells.set(kind, row);
  }

  print(): void {
    const rows = [...this.cells];
    const acts = [...new Set(rows.flatMap(([, row]) => [...row.keys()]))];
    const width = Math.max(...rows.map(([kind]) => kind.length), 5);
    const line = (head: string, cells: string[]) =>
      [head.padEnd(width), ...cells.map((cell, column) => cell.padStart(acts[column]?.length ?? 0))].join('  ');
    const all = rows.flatMap(([, row]) => [...row.values()]);
    const sum = (of: 'held' | 'tried') => all.reduce((total, cell) => total + cell[of], 0);
    const text = [
      line('crash points, held/tried', [...acts]),
      ...rows.map(([kind, row]) =>
        line(
          kind,
          acts.map((act) => {
            const cell = row.get(act);
            return cell ? `${cell.held}/${cell.tried}` : '-';
          }),
        ),
      ),
      `${sum('tried')} points tried, ${sum('held')} held, ${sum('tried') - sum('held')} broken`,
    ];
    process.stdout.write(`\n${text.join('\n')}\n`);
  }
}
