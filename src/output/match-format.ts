/** Match → one line of output, as text or as NDJSON. */
import { timeOfLine } from '../shared/line-time.ts';
import type { Why } from '../rank/why.ts';
import { formatText } from './match-text.ts';

/** What is printed of a match, or of a line beside one; what is undefined is left out. */
export interface PrintedMatch {
  readonly id?: string | number | undefined;
  /** Of a fleet: the instance that the line is of, and all that have its shape where there are several. */
  readonly host?: string | undefined;
  readonly hosts?: readonly string[] | undefined;
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
  /** When the last of them came. */
  readonly last?: number | undefined;
  /** The lines by time, in slots of the same length from the first to the last. */
  readonly when?: readonly number[] | undefined;
  /** 1-based, in its file. */
  readonly line: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly text: string;
  readonly why?: Why | undefined;
  /** What the score was made of, and what the shape says: printed only for those who merge answers. */
  readonly raw?: number | undefined;
  readonly shape?: string | undefined;
  /** The least score that answers: what the score's colour goes by. */
  readonly minScore?: number | undefined;
  /** Of a line beside a match: where it stands. */
  readonly context?: 'before' | 'after' | undefined;
}

export interface MatchFormat {
  readonly json: boolean;
  readonly scores: boolean;
  /** Scores by colour, and the words that met in bold. */
  readonly color: boolean;
  /** A terminal shows it: escape control characters, and tell how many lines a shape stands for. */
  readonly terminal: boolean;
  /** In text, the name of the host before each line. */
  readonly hosts?: boolean;
  /** In JSON, what it takes to merge it with others' answers. */
  readonly mergeable?: boolean;
  /** In text, the name of the file before each line, and the number of the line. */
  readonly files?: boolean;
  readonly numbers?: boolean;
  /** Tell why each line scores what it does. */
  readonly explain?: boolean;
  /** How wide the terminal is now; what is longer is wrapped. Undefined where nobody knows. */
  readonly columns?: () => number | undefined;
  /** One row for each line, cut around what met. */
  readonly chop?: boolean;
  /** Whether the terminal shows more than ASCII. */
  readonly unicode?: boolean;
}

export function formatMatch(match: PrintedMatch, format: MatchFormat): string {
  return format.json ? formatJson(match, format.mergeable) : formatText(match, format);
}

/** Between groups of lines, as grep has it; JSON needs none. */
export function formatGap(format: MatchFormat): string {
  return format.json ? '' : '--\n';
}

function formatJson(match: PrintedMatch, isMergeable = false): string {
  const { id, host, hosts, file, query, label, also, rank, score, count, first, last, when } =
    match;
  const { line, time, text, why, context } = match;
  return `${JSON.stringify({
    id,
    host,
    hosts,
    file,
    query,
    label,
    also,
    rank,
    score: rounded(score),
    count,
    first: isoTime(first),
    // Only for whoever asked when lines came, to draw it.
    last: when === undefined ? undefined : isoTime(last),
    when,
    line,
    time: isoTime(timeOfLine(text, time)),
    text,
    why: rounded(why),
    context,
    ...(isMergeable && { raw: match.raw, shape: match.shape }),
  })}\n`;
}

/** What is no date at all, far off in a line's own time, is left out. */
function isoTime(time: number | undefined): string | undefined {
  if (time === undefined || Math.abs(time) > 8.64e15) return undefined;
  return new Date(time).toISOString();
}

/** With as many decimals as scores have, in keys and lists within it too. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toFixed(4));
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, rounded(one)]));
}
