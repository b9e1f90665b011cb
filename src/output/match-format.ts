/** Match → one line of output, as text or as NDJSON. */
import { styleText } from 'node:util';
import { lineTime } from '../input/line-time.ts';
import { escapeControls } from './escape.ts';

/** What is printed of a match, or of a line beside one; what is undefined is left out. */
export interface PrintedMatch {
  readonly id?: string | number | undefined;
  /** Where several files are read. */
  readonly file?: string | undefined;
  readonly query?: string | undefined;
  /** What the person calls the phrase. */
  readonly label?: string | undefined;
  /** Other watched phrases that the line answers, less well. */
  readonly also?: readonly string[] | undefined;
  /** What the person calls those, where they have a name. */
  readonly alsoLabels?: readonly string[] | undefined;
  /** 1-based, only where matches are ranked. */
  readonly rank?: number | undefined;
  /** Undefined for a line beside a match. */
  readonly score?: number | undefined;
  readonly count?: number | undefined;
  /** When the first of so many came, in milliseconds since 1970. */
  readonly first?: number | undefined;
  /** 1-based, in its file. */
  readonly line: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly text: string;
  /** Of a line beside a match: where it stands. */
  readonly context?: 'before' | 'after' | undefined;
}

export interface MatchFormat {
  readonly json: boolean;
  readonly scores: boolean;
  readonly color: boolean;
  /** A terminal shows it: escape control characters, and tell how many lines a shape stands for. */
  readonly terminal: boolean;
  /** In text, the name of the file before each line, and the number of the line. */
  readonly files?: boolean;
  readonly numbers?: boolean;
}

/** As wide as a score and what follows it. */
const noScore = ' '.repeat('0.512  '.length);

export function formatMatch(match: PrintedMatch, format: MatchFormat): string {
  return format.json ? formatJson(match) : formatText(match, format);
}

/** Between groups of lines, as grep has it; JSON needs none. */
export function formatGap(format: MatchFormat): string {
  return format.json ? '' : '--\n';
}

function formatJson(match: PrintedMatch): string {
  const { id, file, query, label, also, rank, score, count, first, line, time, text, context } =
    match;
  return `${JSON.stringify({
    id,
    file,
    query,
    label,
    also,
    rank,
    score: score === undefined ? undefined : Number(score.toFixed(4)),
    count,
    first: first === undefined ? undefined : isoTime(first),
    line,
    time: isoTime(lineTime(text, time) ?? time),
    text,
    context,
  })}\n`;
}

/** What is no date at all, far off in a line's own time, is left out. */
function isoTime(time: number): string | undefined {
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : undefined;
}

function formatText(match: PrintedMatch, format: MatchFormat): string {
  const { score, count, text } = match;
  const paint = (style: 'green' | 'dim', part: string): string =>
    format.color ? styleText(style, part, { validateStream: false }) : part;
  const shownScore = score === undefined ? noScore : `${paint('green', score.toFixed(3))}  `;
  const start = `${format.scores ? shownScore : ''}${prefixOf(match, format)}`;
  const times =
    format.terminal && count !== undefined && count > 1 ? `  ${paint('dim', `(×${count})`)}` : '';
  return `${start}${format.terminal ? escapeLines(text) : text}${times}\n`;
}

/** What the line answers, which file it is of and where it stands, as grep would say it. */
function prefixOf(match: PrintedMatch, { files, numbers, terminal }: MatchFormat): string {
  const { label, alsoLabels = [], file, line, context } = match;
  const separator = context === undefined ? ':' : '-';
  const labels = [...(label === undefined ? [] : [label]), ...alsoLabels];
  const prefix =
    (labels.length > 0 ? `${labels.join(', ')}: ` : '') +
    (files === true && file !== undefined ? `${file}${separator}` : '') +
    (numbers === true ? `${line}${separator}` : '');
  return terminal ? escapeControls(prefix) : prefix;
}

/** A record may have several lines, which are shown as such. */
function escapeLines(text: string): string {
  return text.includes('\n')
    ? text.split('\n').map(escapeControls).join('\n')
    : escapeControls(text);
}
