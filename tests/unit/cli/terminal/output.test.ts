import { PassThrough } from 'node:stream';
import { forPeople, forPrograms, type Print } from '../../../../cli/terminal/output';
import { shellWord } from '../../../../contracts/shell';
import { writtenTo } from '../../../support/written';

function printed(format: typeof forPeople, write: (print: Print) => void, hasColors = false): string {
  const out = Object.assign(new PassThrough(), { hasColors: () => hasColors });
  write(format(out, new PassThrough()));
  return writtenTo(out);
}

const rows = [
  { shipment: 'SHP-1', marks: ['late', 'current'], reason: 'short' },
  { shipment: 'SHP-10007', marks: [], reason: null },
];

describe('a table for readers', () => {
  it('is aligned, names its columns once, and leaves its last column unpadded', () => {
    const text = printed(forPeople, (print) => {
      print.rows(rows);
      print.rows([{ shipment: 'S', marks: [], reason: 'a later page' }]);
    });

    expect(text).toBe(
      [
        'shipment   marks          reason',
        'SHP-1      late, current  short',
        'SHP-10007  -              -',
        'S          -              a later page',
        '',
      ].join('\n'),
    );
  });

  it('has only the given columns', () => {
    expect(printed(forPeople, (print) => print.rows(rows, ['shipment']))).toBe('shipment\nSHP-1\nSHP-10007\n');
  });

  it('may have any number of rows', () => {
    const many = Array.from({ length: 130_000 }, (_, index) => ({ index }));

    expect(() => printed(forPeople, (print) => print.rows(many))).not.toThrow();
  });

  it('is empty without rows', () => {
    expect(printed(forPeople, (print) => print.rows([]))).toBe('');
  });

  it.each([
    ['cuts free text', { text: 'x'.repeat(5_000) }, `${'x'.repeat(199)}…`],
    ['cuts free text between characters', { text: `${'x'.repeat(198)}😀${'y'.repeat(10)}` }, `${'x'.repeat(198)}…`],
    ['cuts no id', { error_id: `external/${"it's;".repeat(100)}` }, shellWord(`external/${"it's;".repeat(100)}`)],
    ['cuts no command', { next: `aws kms ${'p'.repeat(300)}` }, `aws kms ${'p'.repeat(300)}`],
    ['keeps emoji and their variants readable', { text: '❤\ufe0f 👍🏽 発送' }, '❤\ufe0f 👍🏽 発送'],
  ])('%s', (_, row, shown) => {
    expect(printed(forPeople, (print) => print.rows([row]))).toBe(`${Object.keys(row)}\n${shown}\n`);
  });
});

it.each([
  [true, '\u001b[32mok\u001b[0m\n\u001b[31mattention\u001b[0m\n'],
  [false, 'ok\nattention\n'],
])('states have colours on a terminal that has colours (%p)', (hasColors, states) => {
  const text = printed(forPeople, (print) => print.rows([{ state: 'ok' }, { state: 'attention' }]), hasColors);

  expect(text.endsWith(`\n${states}`)).toBe(true);
});

describe('an id that a shell would run', () => {
  const id = 'SHP-$(id>x)';
  const nested = (levels: number): object => (levels === 0 ? { shipment_id: id } : { a: nested(levels - 1) });

  it.each([
    ['in a cell', (print: Print) => print.rows([{ details: { shipment_id: id } }])],
    ['of a single result', (print: Print) => print.result({ shipment_id: id })],
    ['in a list in a cell', (print: Print) => print.rows([{ details: [[{ shipment_id: id }]] }])],
    ['of a readable object', (print: Print) => print.result({ details: nested(3) })],
    ['of an object nested deeper than that', (print: Print) => print.result({ details: nested(40) })],
    [
      'before and after a repair',
      (print: Print) => print.rows([{ field: 'detail.shipment_id', was: id, becomes: `e${id}` }]),
    ],
  ])('%s is quoted', (_, write) => {
    const text = printed(forPeople, write);

    expect(text.replaceAll(/'[^']*'/g, '')).not.toContain('$(');
    expect(text).toContain('SHP-');
  });
});

describe('output for programs', () => {
  it('is well-formed Unicode, as jq requires', () => {
    const text = printed(forPrograms, (print) => print.rows([{ '\ud83d': '\udc00x', b: '\\ud83d', c: '😀' }]));

    expect(text).toBe('{"\\ufffd":"\\ufffdx","b":"\\\\ud83d","c":"😀"}\n');
  });

  it('is one JSON value a line with every field unchanged, and no control characters', () => {
    const text = printed(forPrograms, (print) => {
      print.rows([{ a: '\u001b[2J', b: ['`id`'] }], ['a']);
      print.rows([{ a: '\u009b2J\u202e\u{e0001}' }]);
      print.result({ c: { d: null } });
    });

    expect(text).toBe('{"a":"\\u001b[2J","b":["`id`"]}\n{"a":"\\u009b2J\\u202e\\udb40\\udc01"}\n{"c":{"d":null}}\n');
  });
});
