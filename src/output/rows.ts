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
  const spans = met.values();
  let span = spans.next().value;
  let at = offset;
  let joins = false;
  for (const char of line) {
    while (span !== undefined && span.to <= at) span = spans.next().value;
    const isMet = span !== undefined && span.from <= at;
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
  let row: Cell[] = [];
  let begin = start;
  let column = start;
  /** Cells of the row up to its last blank. */
  let upToBlank = 0;
  for (const cell of cells) {
    while (column + widthIn(cell, column) > width && !cell.isBlank && row.length > 0) {
      const isAtBlank =
        widthOf(row.slice(0, upToBlank), begin) >= (width - begin) * breakShareMin && upToBlank > 0;
      const end = isAtBlank ? upToBlank : row.length;
      rows.push(withoutBlanksBehind(row.slice(0, end)));
      row = row.slice(end);
      begin = indent;
      upToBlank = 0;
      column = indent + widthOf(row, indent);
    }
    row.push(cell);
    column += widthIn(cell, column);
    if (cell.isBlank) upToBlank = row.length;
  }
  rows.push(fitting(row, width - begin));
  return rows;
}

/** Blanks at the end of a row may hang over; of the last one they are no text to be shown. */
function fitting(row: Cell[], room: number): Cell[] {
  return widthOf(row, 0) > room ? withoutBlanksBehind(row) : row;
}

function withoutBlanksBehind(cells: Cell[]): Cell[] {
  return cells.slice(0, cells.findLastIndex(({ isBlank }) => !isBlank) + 1);
}

function chop(cells: readonly Cell[], start: number, options: RowOptions): readonly Cell[] {
  const { width, end, ellipsis } = options;
  const room = Math.max(ellipsis.length * 2 + 2, width - start - end);
  if (widthOf(cells, start) <= room) return cells;
  const dots: Cell = { text: ellipsis, width: ellipsis.length, isMet: false, isBlank: false };
  const flat = cells.map((cell) => (cell.text === '\t' ? { ...cell, text: ' ', width: 1 } : cell));
  // Not so far on that the end would leave room.
  const first = Math.min(
    bestStart(flat, room - 2 * dots.width),
    flat.length - fits(flat.toReversed(), room - dots.width),
  );
  const before = first === 0 ? [] : [dots];
  const shown = flat.slice(first);
  const left = room - before.length * dots.width;
  if (widthOf(shown, 0) <= left) return [...before, ...shown];
  return [...before, ...shown.slice(0, fits(shown, left - dots.width)), dots];
}

/** How many cells so many columns have room for. */
function fits(cells: readonly Cell[], room: number): number {
  let taken = 0;
  for (const [index, { width }] of cells.entries()) {
    taken += width;
    if (taken > room) return index;
  }
  return cells.length;
}

/** Where to begin, so that most of what met is seen, and what stands around it. */
function bestStart(cells: readonly Cell[], room: number): number {
  let most = 0;
  let best = { from: 0, to: 0 };
  let met = 0;
  let width = 0;
  let from = 0;
  for (const [to, cell] of cells.entries()) {
    width += cell.width;
    met += Number(cell.isMet);
    for (; width > room; from += 1) {
      width -= cells[from]?.width ?? 0;
      met -= Number(cells[from]?.isMet ?? false);
    }
    if (met <= most) continue;
    most = met;
    best = { from, to };
  }
  if (best.from === 0) return 0;
  // What met stands in the middle, rather than at the end.
  const first = cells.findIndex(({ isMet }, index) => index >= best.from && isMet);
  let before = Math.floor((room - widthOf(cells.slice(first, best.to + 1), 0)) / 2);
  let start = first;
  for (; start > 0; start -= 1) {
    before -= cells[start - 1]?.width ?? 0;
    if (before < 0) break;
  }
  return start;
}

function painted(cells: readonly Cell[], { paint }: RowOptions): string {
  let text = '';
  let run = '';
  let isRunMet = false;
  for (const cell of cells) {
    if (cell.isMet !== isRunMet) {
      text += isRunMet ? paint(run) : run;
      run = '';
      isRunMet = cell.isMet;
    }
    run += cell.text;
  }
  return text + (isRunMet ? paint(run) : run);
}
