/** Digest → a screen of text: a heading, a row for each group, what is left out. */
import { styleText } from 'node:util';
import type { Digest, DigestGroup } from '../rank/digest/digest.ts';
import { textWidth } from './char-width.ts';
import { axisEnds, spanOf } from './digest-times.ts';
import { typicalLines } from './digest-lines.ts';
import { pictureOf } from './digest-picture.ts';
import { rowsOf } from './rows.ts';
import { formatWhole } from './whole-number.ts';

export interface DigestFormat {
  readonly columns: number;
  readonly unicode: boolean;
  readonly color: boolean;
}

/** What was read, beside the groups. */
export interface DigestCounts {
  /** All lines but those that a filter left out. */
  readonly lines: number;
  /** Nothing but white space. */
  readonly empty: number;
  /** Left out by a filter. */
  readonly filtered: number;
  /** Of shapes that had to leave the window. */
  readonly evicted: number;
}

const gap = '  ';
/** Columns of a picture, and what else there is room for. */
const pictureNarrow = 12;
const pictureWide = 24;
const wideMin = 120;
/** For plain trouble, and for what may be. */
const marks = ['  ', '! ', '!!'] as const;

export function formatDigest(digest: Digest, counts: DigestCounts, format: DigestFormat): string {
  const layout = layoutOf(digest, format);
  const lines = typicalLines(digest.groups, { ...format, isShort: !layout.isWide });
  const rows = [
    ...headings(digest, counts, lines.start, layout, format),
    ...digest.groups.map((group, index) =>
      rowOf(group, lines.texts[index] ?? '', digest, layout, format),
    ),
    ...remainder(digest, counts),
    ...legend(digest),
  ];
  return rows.map((row) => `${row.trimEnd()}\n`).join('');
}

interface Layout {
  readonly isWide: boolean;
  readonly countWidth: number;
  readonly pictureWidth: number;
  readonly spanWidth: number;
}

function layoutOf(digest: Digest, format: DigestFormat): Layout {
  const isWide = format.columns >= wideMin;
  const counts = digest.groups.map(({ count }) => formatWhole(count).length);
  const spans = isWide
    ? digest.groups.map((group) => spanOf(group, digest, dashOf(format)).length)
    : [];
  return {
    isWide,
    countWidth: Math.max('lines'.length, ...counts),
    pictureWidth: isWide ? pictureWide : pictureNarrow,
    spanWidth: Math.max(0, ...spans),
  };
}

function rowOf(
  group: DigestGroup,
  line: string,
  digest: Digest,
  layout: Layout,
  format: DigestFormat,
): string {
  const mark = marks[2 * group.trouble] ?? '';
  const count = formatWhole(group.count).padStart(layout.countWidth);
  const picture = pictureOf(group.when, digest, layout.pictureWidth, format.unicode);
  const span =
    layout.spanWidth === 0
      ? ''
      : gap + spanOf(group, digest, dashOf(format)).padEnd(layout.spanWidth);
  const news = group.isNew ? 'new ' : '';
  const more = group.events > 1 ? `${gap}+${formatWhole(group.events - 1)}` : '';
  const start = `${count}${gap}${picture}${span}${gap}`;
  const taken = mark.length + textWidth(start) + news.length + more.length;
  const style = group.trouble === 1 ? 'red' : 'yellow';
  return (
    (group.trouble === 0 ? mark : paint(style, mark, format)) +
    start +
    paint('cyan', news, format) +
    inOneRow(line, format.columns - taken, format) +
    paint('dim', more, format)
  );
}

/** Cut where there is no room for more; what the terminal would obey is escaped. */
function inOneRow(line: string, width: number, format: DigestFormat): string {
  const { rows } = rowsOf(line, [], {
    width,
    start: 0,
    indent: 0,
    end: 0,
    isChopped: true,
    ellipsis: '',
    paint: (text) => text,
  });
  return dimmed(rows[0] ?? '', format);
}

function dimmed(text: string, format: DigestFormat): string {
  return format.color && format.unicode ? text.replaceAll('…', paint('dim', '…', format)) : text;
}

function headings(
  digest: Digest,
  counts: DigestCounts,
  start: string,
  layout: Layout,
  format: DigestFormat,
): string[] {
  const [from, to] = axisEnds(digest, layout.pictureWidth);
  const picture = from + to.padStart(layout.pictureWidth - from.length);
  const shown = layout.spanWidth === 0 ? '' : gap + 'first, last'.padEnd(layout.spanWidth);
  const said = start === '' ? 'a typical line' : `a typical line, behind ${start}`;
  const titles = `  ${'lines'.padStart(layout.countWidth)}${gap}${picture}${shown}${gap}`;
  const title = inOneRow(said, format.columns - textWidth(titles), format);
  return [summary(digest, counts, dashOf(format)), paint('dim', titles + title, format)];
}

/** What was read. */
function summary(digest: Digest, { lines, filtered }: DigestCounts, dash: string): string {
  const { events, groups, more } = digest;
  const trouble = groups.filter((group) => group.trouble > 0);
  const inTrouble = trouble.reduce((sum, { count }) => sum + count, 0) + more.trouble.count;
  return [
    linesOf(lines) + (inTrouble > 0 ? ` (${formatWhole(inTrouble)} of trouble)` : ''),
    ...(filtered > 0 ? [`${formatWhole(filtered)} filtered out`] : []),
    `${formatWhole(events)} ${events === 1 ? 'event' : 'events'}`,
    spanOf({ first: digest.from, last: digest.to }, digest, dash),
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** Numbers that, with those of the groups, make up all lines. */
function remainder({ more }: Digest, { empty, evicted }: DigestCounts): string[] {
  const rows: string[] = [];
  if (more.events > 0) {
    const events = `${formatWhole(more.events)} more ${more.events === 1 ? 'event' : 'events'}`;
    const of = more.trouble.events > 0 ? ` (${formatWhole(more.trouble.events)} of trouble)` : '';
    rows.push(`and ${events} in ${linesOf(more.count)}${of}`);
  }
  if (evicted > 0) {
    rows.push(`and ${linesOf(evicted)} that found no room: raise --window or --window-bytes`);
  }
  if (empty > 0) rows.push(`and ${formatWhole(empty)} empty ${empty === 1 ? 'line' : 'lines'}`);
  return rows;
}

function linesOf(count: number): string {
  return `${formatWhole(count)} ${count === 1 ? 'line' : 'lines'}`;
}

/** What the marks say that are there. */
function legend({ groups }: Digest): string[] {
  const said = [
    ...(groups.some(({ trouble }) => trouble === 1) ? ['!! trouble'] : []),
    ...(groups.some(({ trouble }) => trouble === 0.5) ? ['! perhaps'] : []),
    ...(groups.some(({ isNew }) => isNew) ? ['new: not before the last tenth'] : []),
    ...(groups.some(({ events }) => events > 1) ? ['+n: events like it'] : []),
  ];
  return said.length === 0 ? [] : [said.join(', ')];
}

function dashOf({ unicode }: DigestFormat): string {
  return unicode ? '–' : '-';
}

type Style = 'red' | 'yellow' | 'cyan' | 'dim';

function paint(style: Style, text: string, { color }: DigestFormat): string {
  return color && text !== '' ? styleText(style, text, { validateStream: false }) : text;
}
