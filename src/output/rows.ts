/**
 * A text → rows of a terminal: wrapped at blanks, or cut around what met the phrase. What belongs
 * together is never parted: a wide character, an escaped one, a letter with its marks.
 */
import { charWidth } from './char-width.ts';
import { escapeControls } from './escape.ts';
import type { Span } from './met-words.ts';

/** A piece of text that stays whole, as the terminal shows it. */
interface Cell {
  text: string;
  /** Columns; of a tab as many as lie before the next stop. */
  readonly width: number;
  readonly isMet: boolean;
  readonly isBlank: boolean;
}

export interface RowOptions {
  /** Columns of the terminal; Infinity: nothing is parted. */
  readonly width: number;
  /** Columns that are taken before the first row, and that the others are indented by. */
  readonly start: number;
  readonly indent: number;
  /** Columns that what follows the text takes, where it is to stand in its row. */
  readonly end: number;
  /** One row for each line of the text, cut around what met. */
  readonly isChopped: boolean;
  /** Says that something was cut off. */
  readonly ellipsis: string;
  /** Shows what met. */
  readonly paint: (text: string) => string;
}

export interface Rows {
  readonly rows: readonly string[];
  /** Columns taken in the last of them. */
  readonly lastWidth: number;
}

const tabStop = 8;
/** A row that would be shorter than this share is not broken at a blank. */
const breakShareMin = 1 / 2;

/** @param met - spans of the text, in order */
export function rowsOf(text: string, met: readonly Span[], options: RowOptions): Rows {
  const rows: string[] = [];
  let lastWidth = 0;
  let from = 0;
  for (const line of text.split('\n')) {
    const start = rows.length === 0 ? options.start : options.indent;
    const cells = cellsOf(line, from, met);
    const parts = options.isChopped
      ? [chop(cells, start, options)]
      : wrap(cells, start, options.indent, options.width);
    for (const part of parts) {
      const column = rows.length === 0 ? options.start : options.indent;
      rows.push((rows.length === 0 ? '' : ' '.repeat(options.indent)) + painted(part, options));
      lastWidth = column + widthOf(part, column);
    }
    from += line.length + 1;
  }
  return { rows, lastWidth };
}

function cellsOf(line: string, offset: number, met: readonly Span[]): Cell[] {
  const cells: Cell[] = [];
  let next = 0;
  let at = offset;
  let joins = false;
  for (const char of line) {
    while (next < met.length && met[next]!.to <= at) next += 1;
    const isMet = next < met.length && met[next]!.from <= at;
    const text = char === '\t' ? char : escapeControls(char);
    const width = text.length > char.length ? text.length : charWidth(char);
    const last = cells.at(-1);
    if ((width === 0 || joins) && last !== undefined) last.text += text;
    else cells.push({ text, width, isMet, isBlank: char === ' ' || char === '\t' });
    joins = char === '\u200d'; // Joins pictures to one.
    at += char.length;
  }
  return cells;
}

function widthIn({ text, width }: Cell, column: number): number {
  return text === '\t' ? tabStop - (column % tabStop) : width;
}

function widthOf(cells: readonly Cell[], start: number): number {
  let column = start;
  for (const cell of cells) column += widthIn(cell, column);
  return column - start;
}

function wrap(cells: readonly Cell[], start: number, indent: number, width: number): Cell[][] {
  const rows: Cell[][] = [];
  let from = 0;
  let column = start;
  /** Behind the last blank of this row. */
  let afterBlank = 0;
  for (let i = 0; i < cells.length; i += 1) {
    const cell = cells[i]!;
    const begin = rows.length === 0 ? start : indent;
    if (column + widthIn(cell, column) > width && !cell.isBlank && i > from) {
      const broken = widthOf(cells.slice(from, afterBlank), begin);
      const isAtBlank = afterBlank > from && broken >= (width - begin) * breakShareMin;
      const end = isAtBlank ? afterBlank : i;
      rows.push(withoutBlanksBehind(cells.slice(from, end)));
      from = end;
      afterBlank = end;
      column = indent + widthOf(cells.slice(from, i), indent);
    }
    column += widthIn(cell, column);
    if (cell.isBlank) afterBlank = i + 1;
  }
  rows.push(cells.slice(from));
  return rows.map((row, index) => (index === rows.length - 1 ? fitting(row, width - indent) : row));
}

/** Blanks at the end of a row may hang over; of the last one they are no text to be shown. */
function fitting(row: Cell[], room: number): Cell[] {
  return widthOf(row, 0) > room ? withoutBlanksBehind(row) : row;
}

function withoutBlanksBehind(cells: Cell[]): Cell[] {
  let end = cells.length;
  while (end > 0 && cells[end - 1]!.isBlank) end -= 1;
  return cells.slice(0, end);
}

function chop(cells: readonly Cell[], start: number, options: RowOptions): readonly Cell[] {
  const { width, end, ellipsis } = options;
  const room = Math.max(ellipsis.length * 2 + 2, width - start - end);
  if (widthOf(cells, start) <= room) return cells;
  const dots: Cell = { text: ellipsis, width: ellipsis.length, isMet: false, isBlank: false };
  const flat = cells.map((cell) => (cell.text === '\t' ? { ...cell, text: ' ', width: 1 } : cell));
  const first = bestStart(flat, room - 2 * dots.width);
  const isHead = first === 0;
  let last = first;
  let left = room - dots.width * (isHead ? 1 : 2);
  while (last < flat.length && flat[last]!.width <= left) {
    left -= flat[last]!.width;
    last += 1;
  }
  const rest = flat.slice(last).reduce((sum, cell) => sum + cell.width, 0);
  if (rest <= left + dots.width) return [...(isHead ? [] : [dots]), ...flat.slice(first)];
  return [...(isHead ? [] : [dots]), ...flat.slice(first, last), dots];
}

/** Where to begin, so that most of what met is seen, and what stands around it. */
function bestStart(cells: readonly Cell[], room: number): number {
  let best = 0;
  let bestMet = 0;
  let met = 0;
  let width = 0;
  let firstMet = -1;
  let lastMet = -1;
  for (let from = 0, to = 0; to < cells.length; to += 1) {
    width += cells[to]!.width;
    met += Number(cells[to]!.isMet);
    for (; width > room; from += 1) {
      width -= cells[from]!.width;
      met -= Number(cells[from]!.isMet);
    }
    if (met <= bestMet) continue;
    bestMet = met;
    best = from;
    lastMet = to;
  }
  if (bestMet === 0 || best === 0) return 0;
  for (firstMet = best; !cells[firstMet]!.isMet; firstMet += 1);
  // What met in the middle, rather than at the end.
  const metWidth = widthOf(cells.slice(firstMet, lastMet + 1), 0);
  let before = Math.floor((room - metWidth) / 2);
  let start = firstMet;
  while (start > 0 && cells[start - 1]!.width <= before) {
    start -= 1;
    before -= cells[start]!.width;
  }
  return start;
}

function painted(cells: readonly Cell[], { paint }: RowOptions): string {
  let text = '';
  for (let i = 0; i < cells.length;) {
    const { isMet } = cells[i]!;
    let run = '';
    for (; i < cells.length && cells[i]!.isMet === isMet; i += 1) run += cells[i]!.text;
    text += isMet ? paint(run) : run;
  }
  return text;
}
