/** Match → one line of output, as text or as NDJSON. */
import { styleText } from 'node:util';
import { escapeControls } from './escape.ts';

/** What is printed of a match; what is undefined is left out. */
export interface PrintedMatch {
  readonly id?: string | number | undefined;
  readonly query: string;
  /** Other watched phrases that the line answers, less well. */
  readonly also?: readonly string[] | undefined;
  /** 1-based, only where matches are ranked. */
  readonly rank?: number | undefined;
  readonly score: number;
  readonly count?: number | undefined;
  readonly line: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly text: string;
}

export interface MatchFormat {
  readonly json: boolean;
  readonly scores: boolean;
  readonly color: boolean;
  /** A terminal shows it: escape control characters, and tell how many lines a shape stands for. */
  readonly terminal: boolean;
}

export function formatMatch(match: PrintedMatch, format: MatchFormat): string {
  return format.json ? formatJson(match) : formatText(match, format);
}

function formatJson(match: PrintedMatch): string {
  const { id, query, also, rank, score, count, line, time, text } = match;
  return `${JSON.stringify({
    id,
    query,
    also,
    rank,
    score: Number(score.toFixed(4)),
    count,
    line,
    time: new Date(time).toISOString(),
    text,
  })}\n`;
}

function formatText(match: PrintedMatch, format: MatchFormat): string {
  const { score, count, text } = match;
  const paint = (style: 'green' | 'dim', part: string): string =>
    format.color ? styleText(style, part, { validateStream: false }) : part;
  const start = format.scores ? `${paint('green', score.toFixed(3))}  ` : '';
  const times =
    format.terminal && count !== undefined && count > 1 ? `  ${paint('dim', `(×${count})`)}` : '';
  return `${start}${format.terminal ? escapeLines(text) : text}${times}\n`;
}

/** A record may have several lines, which are shown as such. */
function escapeLines(text: string): string {
  return text.includes('\n')
    ? text.split('\n').map(escapeControls).join('\n')
    : escapeControls(text);
}
