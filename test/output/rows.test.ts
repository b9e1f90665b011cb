import { describe, expect, it } from 'vitest';
import { textWidth } from '../../src/output/char-width.ts';
import { rowsOf, type RowOptions } from '../../src/output/rows.ts';
import { seeded } from '../scan/vectors.ts';

const plain: RowOptions = {
  width: 20,
  start: 0,
  indent: 4,
  end: 0,
  isChopped: false,
  ellipsis: '…',
  paint: (text) => `<${text}>`,
};

function wrap(text: string, options: Partial<RowOptions> = {}): string[] {
  return [...rowsOf(text, [], { ...plain, ...options }).rows];
}

function chop(text: string, met: string, options: Partial<RowOptions> = {}): string {
  const from = text.indexOf(met);
  const spans = met === '' ? [] : [{ from, to: from + met.length }];
  const { rows } = rowsOf(text, spans, { ...plain, isChopped: true, ...options });
  expect(rows).toHaveLength(1);
  return rows[0]!;
}

describe('a line longer than the terminal', () => {
  it('is wrapped at blanks, with a hanging indent', () => {
    expect(wrap('one two three four five six seven')).toEqual([
      'one two three four',
      '    five six seven',
    ]);
  });

  it('leaves room for what stands before it', () => {
    expect(wrap('one two three', { start: 12, indent: 12 })).toEqual([
      'one two',
      '            three',
    ]);
  });

  it('is broken anywhere where there are no blanks', () => {
    expect(wrap('x'.repeat(30))).toEqual(['x'.repeat(20), `    ${'x'.repeat(10)}`]);
  });

  it('never breaks what is escaped, what is wide, a letter from its marks, or joined pictures', () => {
    expect(wrap(`${'x'.repeat(18)}\x1b[2J`)).toEqual(['x'.repeat(18), '    \\x1b[2J']);
    expect(wrap(`${'x'.repeat(19)}盘y`)).toEqual(['x'.repeat(19), '    盘y']);
    expect(wrap(`${'x'.repeat(19)}e\u0301\u0302y`)).toEqual([
      `${'x'.repeat(19)}e\u0301\u0302`,
      '    y',
    ]);
    expect(wrap(`${'x'.repeat(19)}👩\u200d🚀`)).toEqual(['x'.repeat(19), '    👩\u200d🚀']);
  });

  it('keeps the lines of a record, and their tabs', () => {
    expect(wrap('a\n\tat b\n\tat c', { width: 40 })).toEqual(['a', '    \tat b', '    \tat c']);
    expect(wrap('a\n\tat the very end of it')).toEqual(['a', '    \tat the very', '    end of it']);
  });

  it('has nothing in a row that the terminal would break itself, whatever it holds', () => {
    const random = seeded(5);
    const parts = [
      'a',
      ' ',
      'word',
      '盘',
      'e\u0301',
      '\x1b[1m',
      '👩\u200d🚀',
      '\u202e',
      'ÄÖ',
      '  ',
    ];
    for (let i = 0; i < 500; i += 1) {
      const text = Array.from({ length: 60 }, () => parts[Math.floor(random() * parts.length)]!);
      const width = 14 + Math.floor(random() * 30);
      const start = Math.floor(random() * 8);
      const { rows, lastWidth } = rowsOf(text.join(''), [], { ...plain, width, start });
      for (const [index, row] of rows.entries()) {
        const shown = row.replaceAll(/\u200d🚀/gu, '');
        expect(textWidth(shown) + (index === 0 ? start : 0)).toBeLessThanOrEqual(width);
      }
      expect(lastWidth).toBeLessThanOrEqual(width);
      // All of it is there, but for blanks at which it was broken.
      const whole = rows.map((row, index) => (index === 0 ? row : row.slice(4))).join('');
      const shown = text.join('').replaceAll('\x1b', '\\x1b').replaceAll('\u202e', '\\u202e');
      expect(whole.replaceAll(' ', '')).toBe(shown.replaceAll(' ', ''));
    }
  });

  it('may be cut around what met', () => {
    const text = `${'a'.repeat(30)} met ${'b'.repeat(30)}`;
    expect(chop(text, 'met')).toBe('…aaaaaa <met> bbbbbbb…');
    expect(chop(text, '')).toBe(`${'a'.repeat(19)}…`);
    expect(chop(text, 'aaa')).toBe(`<aaa>${'a'.repeat(16)}…`);
    expect(chop(`${'a'.repeat(30)} met`, 'met')).toBe(`…${'a'.repeat(15)} <met>`);
    expect(chop('met is short', 'met')).toBe('<met> is short');
  });

  it('is cut to what is left beside its count, in ASCII where that is needed', () => {
    const text = `${'a'.repeat(30)} met ${'b'.repeat(30)}`;
    const shown = chop(text, 'met', { start: 2, end: 3, ellipsis: '...' });
    expect(shown).toMatch(/^\.\.\.a+ <met> b+\.\.\.$/);
    expect(shown.length - 2).toBe(15);
  });

  it('is cut where most of what met is seen', () => {
    const text = `met ${'x'.repeat(40)} met and met ${'y'.repeat(40)}`;
    const spans = [...text.matchAll(/met/g)].map(({ index }) => ({ from: index, to: index + 3 }));
    const { rows } = rowsOf(text, spans, { ...plain, isChopped: true });
    expect(rows[0]).toContain('<met> and <met>');
  });

  it('has its met words shown in each row that they stand in', () => {
    const text = `${'x'.repeat(17)}metmet`;
    const { rows } = rowsOf(text, [{ from: 17, to: 23 }], plain);
    expect(rows).toEqual([`${'x'.repeat(17)}<met>`, '    <met>']);
  });
});
