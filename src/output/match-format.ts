/** Match → one line of output, as text or as NDJSON. */
import { timeOfLine } from '../shared/line-time.ts';
import { formatText } from './match-text.ts';
import type { PrintedMatch, MatchFormat } from './printed-match.ts';

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
