/** Buckets → a histogram of so many columns, with an example for each. */
import { styleText } from 'node:util';
import { ellipsisOf } from '../../output/match-text.ts';
import { metSpans } from '../../output/met-words.ts';
import { rowsOf, type RowOptions } from '../../output/rows.ts';
import { scoreColor } from '../../output/score-color.ts';
import { formatWhole } from '../../output/whole-number.ts';
import type { Match } from '../../rank/match.ts';
import type { Bucket } from './buckets.ts';

export interface HistogramFormat {
  readonly columns: number;
  readonly unicode: boolean;
  readonly color: boolean;
}

/** As wide as -0.05 and what follows it. */
const labelWidth = 6;
const barShare = 0.2;
const barWidthMax = 30;
const gap = '  ';
/** Eighths of a column. */
const partials = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** @returns lines, each with its end */
export function formatHistogram(
  buckets: readonly Bucket[],
  minScore: number,
  format: HistogramFormat,
): string {
  const countWidth = Math.max(...buckets.map(({ events }) => formatWhole(events).length), 1);
  const barWidth = Math.min(barWidthMax, Math.floor(format.columns * barShare));
  const most = Math.max(1, ...buckets.map(({ events }) => events));
  const rows = buckets.map((bucket) => {
    const { from, events, example } = bucket;
    const label = from.toFixed(2).padStart(labelWidth - 1);
    const count = (events === 0 ? '' : formatWhole(events)).padStart(countWidth);
    const drawn = bar(events, most, barWidth, format.unicode);
    const style = scoreColor((from + bucket.to) / 2, minScore);
    const shownBar = painted(style, drawn, format) + ' '.repeat(barWidth - drawn.length);
    const start = `${label} ${shownBar} ${count}`;
    if (example === undefined) return start.trimEnd();
    const startWidth = labelWidth + barWidth + 1 + countWidth + gap.length;
    return start + gap + inOneRow(example, startWidth, format);
  });
  const below = buckets.findIndex(({ answers }) => !answers);
  rows.splice(below === -1 ? rows.length : below, 0, rule(buckets, minScore, format));
  return rows.map((row) => `${row}\n`).join('');
}

/** The logarithm: what is rare, as answers are, can be seen beside what is not. */
function bar(events: number, most: number, width: number, isUnicode: boolean): string {
  const length = (Math.log1p(events) / Math.log1p(most)) * width;
  if (!isUnicode) return '#'.repeat(events === 0 ? 0 : Math.max(1, Math.round(length)));
  const eighths = Math.round(length * 8);
  return '█'.repeat(Math.floor(eighths / 8)) + (partials[eighths % 8] ?? '');
}

/** The threshold, and how much answers. */
function rule(buckets: readonly Bucket[], minScore: number, format: HistogramFormat): string {
  const answering = buckets.filter(({ answers }) => answers);
  const total = (key: 'events' | 'lines'): string =>
    formatWhole(answering.reduce((sum, bucket) => sum + bucket[key], 0));
  const dash = format.unicode ? '─' : '-';
  const said = ` threshold ${minScore}: ${total('events')} events answer, ${total('lines')} lines `;
  const before = dash.repeat(labelWidth);
  const behind = dash.repeat(
    Math.max(0, Math.min(labelWidth, format.columns - labelWidth - said.length)),
  );
  return painted('dim', before + said + behind, format);
}

/** The example's first line, cut around what met. */
function inOneRow({ text, why }: Match, start: number, format: HistogramFormat): string {
  const [line = ''] = text.split('\n', 1);
  const met = why === undefined ? [] : metSpans(line, why);
  const { rows } = rowsOf(line.replaceAll('\t', ' '), met, {
    ...layout(format),
    start,
    indent: 0,
    isChopped: true,
  });
  return rows[0] ?? '';
}

/** What stands above the histogram of a phrase. */
export function formatHeading(
  phrase: string,
  events: number,
  lines: number,
  format: HistogramFormat,
): string {
  const counts = `the ${formatWhole(events)} nearest events of ${formatWhole(lines)} lines`;
  const { rows } = rowsOf(`${phrase}: ${counts}, by score (bars: logarithmic)`, [], {
    ...layout(format),
    start: 0,
    indent: gap.length,
    isChopped: false,
  });
  return rows.map((row) => `${row}\n`).join('');
}

function layout(format: HistogramFormat): Pick<RowOptions, 'width' | 'end' | 'ellipsis' | 'paint'> {
  const paint = (text: string): string => painted('bold', text, format);
  return { width: format.columns, end: 0, ellipsis: ellipsisOf(format), paint };
}

function painted(
  style: 'green' | 'yellow' | 'dim' | 'bold',
  text: string,
  format: HistogramFormat,
): string {
  return format.color && text !== '' ? styleText(style, text, { validateStream: false }) : text;
}
