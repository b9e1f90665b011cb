/** Match → text: into a pipe the line as it came, on a terminal laid out for a person. */
import { styleText } from 'node:util';
import { textWidth } from './char-width.ts';
import { escapeControls } from './escape.ts';
import { formatTimes, sparkline } from './event-times.ts';
import type { MatchFormat, PrintedMatch } from './printed-match.ts';
import { metSpans } from './met-words.ts';
import { rowsOf } from './rows.ts';
import { scoreColor } from './score-color.ts';
import { whyText } from './why-text.ts';

/** As wide as a score and what follows it. */
const noScore = ' '.repeat('0.512  '.length);
/** Behind the last word of a line, before its count. */
const gap = '  ';
/** On a narrower terminal there is no picture of when, nor of so few lines that say nothing by it. */
const sparklineWidthMin = 100;
const sparklineLinesMin = 5;
/** What explains a match into a pipe is indented by so much; on a terminal, beyond its text. */
const whyIndent = 4;
const whyIndentBeyond = 2;

type Style = 'green' | 'yellow' | 'dim' | 'bold';

export function formatText(match: PrintedMatch, format: MatchFormat): string {
  const { score, minScore, why } = match;
  const paint = (style: Style, text: string): string =>
    format.color && text !== '' ? styleText(style, text, { validateStream: false }) : text;
  const bold = (text: string): string => paint('bold', text);
  const shownScore =
    score === undefined ? noScore : `${paint(scoreColor(score, minScore), score.toFixed(3))}${gap}`;
  const prefix = prefixOf(match, format);
  const start = `${format.scores ? shownScore : ''}${prefix}`;
  const met =
    (format.color || format.chop === true) && why !== undefined ? metSpans(match.text, why) : [];
  if (!format.terminal) {
    return `${start}${paintSpans(match.text, met, bold)}\n${whyInPipe(match, format)}`;
  }
  const width = format.columns?.() ?? Infinity;
  const startWidth = (format.scores ? noScore.length : 0) + textWidth(prefix);
  const indent = startWidth < width / 3 ? startWidth : Math.min(whyIndent, startWidth);
  const end = countOf(match, format, width);
  const endWidth = end === '' ? 0 : gap.length + textWidth(end);
  const { rows, lastWidth } = rowsOf(match.text, met, {
    width,
    start: startWidth,
    indent,
    end: endWidth,
    isChopped: format.chop === true && width !== Infinity,
    ellipsis: ellipsisOf(format),
    paint: bold,
  });
  const isInRow = lastWidth + endWidth <= width;
  const before = isInRow ? gap : `\n${' '.repeat(indent)}`;
  const count = end === '' ? '' : `${before}${paint('dim', end)}`;
  const beneath = whyOnTerminal(match, format, indent + whyIndentBeyond, width)
    .map((row) => `${paint('dim', row)}\n`)
    .join('');
  return `${start}${rows.join('\n')}${count}\n${beneath}`;
}

export function ellipsisOf({ unicode }: Pick<MatchFormat, 'unicode'>): string {
  return unicode === true ? '…' : '...';
}

/** What the line answers, which host and file it is of and where it stands, as grep would say it. */
function prefixOf(match: PrintedMatch, { hosts, files, numbers, terminal }: MatchFormat): string {
  const { label, alsoLabels = [], host, file, line, context } = match;
  const separator = context === undefined ? ':' : '-';
  const labels = [...(label === undefined ? [] : [label]), ...alsoLabels];
  const prefix =
    (labels.length > 0 ? `${labels.join(', ')}: ` : '') +
    (hosts === true && host !== undefined ? `${host}${separator}` : '') +
    (files === true && file !== undefined ? `${file}${separator}` : '') +
    (numbers === true ? `${line}${separator}` : '');
  return terminal ? escapeControls(prefix) : prefix;
}

/** For how many lines it stands, and when they came. */
function countOf(match: PrintedMatch, format: MatchFormat, width: number): string {
  const { count = 1, hosts, first, last, when } = match;
  if (count <= 1) return '';
  const times = first === undefined || last === undefined ? '' : formatTimes(first, last);
  const hasPicture = when !== undefined && count >= sparklineLinesMin && width >= sparklineWidthMin;
  const picture = hasPicture ? sparkline(when, format.unicode === true) : '';
  const where = hosts === undefined ? '' : `on ${hosts.length} hosts`;
  return [`×${count}`, where, times, picture].filter((text) => text !== '').join(' ');
}

function whyInPipe({ why, score }: PrintedMatch, format: MatchFormat): string {
  if (format.explain !== true || why === undefined) return '';
  return whyText(why, score ?? 0)
    .map((line) => `${' '.repeat(whyIndent)}${line}\n`)
    .join('');
}

function whyOnTerminal(
  { why, score }: PrintedMatch,
  format: MatchFormat,
  indent: number,
  width: number,
): string[] {
  if (format.explain !== true || why === undefined) return [];
  return whyText(why, score ?? 0).flatMap((line) => {
    const { rows } = rowsOf(line, [], {
      width,
      start: indent,
      indent: indent + whyIndentBeyond,
      end: 0,
      isChopped: false,
      ellipsis: '',
      paint: (text) => text,
    });
    return rows.map((row, index) => (index === 0 ? ' '.repeat(indent) + row : row));
  });
}

function paintSpans(
  text: string,
  spans: readonly { readonly from: number; readonly to: number }[],
  paint: (text: string) => string,
): string {
  let painted = '';
  let at = 0;
  for (const { from, to } of spans) {
    painted += text.slice(at, from) + paint(text.slice(from, to));
    at = to;
  }
  return painted + text.slice(at);
}
