/** What a command says while it works. Results go to stdout, everything else to stderr, so that a pipe gets results only. */
export interface Print {
  /** Which account, region and stack a command is about to touch. */
  where(text: string): void;
  note(text: string): void;
  /** One result, as soon as it is there. */
  row(result: object): void;
  /** The result of a command that has one. */
  result(result: object): void;
}

/** Values come from producers: nothing of them may steer a terminal. */
export const harmless = (text: string) => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD');

const MAX_CELL = 60;

const cell = (value: unknown) => {
  const text = harmless(String(value));
  return text.length <= MAX_CELL ? text : `${text.slice(0, MAX_CELL - 1)}…`;
};

/** For people: a line for each result under a line of names, and `key  value` lines for a single one. */
export function forPeople(out: NodeJS.WritableStream, err: NodeJS.WritableStream): Print {
  let isFirst = true;
  const line = (values: unknown[]) => void out.write(`${values.map(cell).join('  ')}\n`);
  return {
    where: (text) => err.write(`${harmless(text)}\n`),
    note: (text) => err.write(`${harmless(text)}\n`),
    row(result) {
      if (isFirst) line(Object.keys(result));
      isFirst = false;
      line(Object.values(result));
    },
    result(result) {
      const width = Math.max(...Object.keys(result).map((key) => key.length));
      for (const [key, value] of Object.entries(result))
        out.write(`${key.padEnd(width)}  ${harmless(String(value))}\n`);
    },
  };
}

/** For programs: one JSON value a line. */
export function forPrograms(out: NodeJS.WritableStream, err: NodeJS.WritableStream): Print {
  const write = (result: object) => void out.write(`${JSON.stringify(result)}\n`);
  return { ...forPeople(out, err), row: write, result: write };
}
