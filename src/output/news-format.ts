/** What is new, gone or grown → one line of output, as text or as NDJSON. */
import { styleText } from 'node:util';
import { timeOfLine } from '../shared/line-time.ts';
import { escapeControls } from './escape.ts';
import type { MatchFormat } from './printed-match.ts';
import { formatText } from './match-text.ts';

export interface PrintedNews {
  readonly kind: 'new' | 'more' | 'gone' | 'grown';
  /** Where several files are read. */
  readonly file?: string | undefined;
  /** 1-based, only where news is ranked. */
  readonly rank?: number | undefined;
  /** The chance that a person wants to know, 0 to 1. */
  readonly score?: number | undefined;
  /** From what was seen, 0 to 1. */
  readonly far?: number | undefined;
  /** Lines of the event; of more of it, since it was told last. */
  readonly count?: number | undefined;
  /** Lines that the baseline's share would have made of it. */
  readonly expected?: number | undefined;
  /** 1-based, in its file; of what is gone, in the baseline. */
  readonly line: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly text: string;
  readonly why?: WhyNew | undefined;
}

export interface WhyNew {
  /** What was seen nearest to it, as words; undefined where nothing spoke of the same. */
  readonly nearest: string | undefined;
  /** The words by which it speaks of trouble. */
  readonly troubles: readonly string[];
}

/** Told from here on is what a person wants to know more likely than not. */
const tellingScore = 0.5;
const whyIndent = '    ';
/** Of the words that were seen nearest so many characters tell which they are. */
const nearestCharsMax = 120;

/**
 * @param hasKinds - whether what is new is called so, for other things are told as well
 */
export function formatNews(news: PrintedNews, format: MatchFormat, hasKinds: boolean): string {
  if (format.json) return formatJson(news, format);
  const { kind, file, score, line, time, text } = news;
  const count = kind === 'new' ? news.count : undefined;
  const label = labelOf(news, hasKinds);
  const printed = { label, file, score, minScore: tellingScore, count, line, time, text };
  return `${formatText(printed, format)}${whyText(news, format)}`;
}

function labelOf(
  { kind, count = 0, expected = 0 }: PrintedNews,
  hasKinds: boolean,
): string | undefined {
  switch (kind) {
    case 'new':
      return hasKinds ? 'new' : undefined;
    case 'more':
      return `×${count} more`;
    case 'gone':
      return `gone, was ×${count}`;
    case 'grown':
      return `grown ×${count}, was ×${formatExpected(expected)}`;
  }
}

function formatExpected(expected: number): string {
  return expected < 10 ? String(Number(expected.toFixed(1))) : expected.toFixed(0);
}

function whyText({ far, why }: PrintedNews, format: MatchFormat): string {
  if (format.explain !== true || why === undefined || far === undefined) return '';
  const { nearest, troubles } = why;
  const about = troubles.length === 0 ? '' : `speaks of ${troubles.join(', ')}`;
  const reasons =
    nearest === undefined
      ? [`nothing before it ${about}`.trimEnd()]
      : [`${far.toFixed(2)} from "${shortened(nearest)}"`, ...(about === '' ? [] : [about])];
  const text = `${whyIndent}${escapeControls(reasons.join('; '))}`;
  return `${format.color ? styleText('dim', text, { validateStream: false }) : text}\n`;
}

function shortened(text: string): string {
  return text.length > nearestCharsMax ? `${text.slice(0, nearestCharsMax)}...` : text;
}

function formatJson(news: PrintedNews, format: MatchFormat): string {
  const { kind, file, rank, score, far, count, expected, line, time, text, why } = news;
  return `${JSON.stringify({
    kind,
    file,
    rank,
    score: rounded(score),
    far: rounded(far),
    count,
    expected: rounded(expected),
    line,
    time: new Date(timeOfLine(text, time)).toISOString(),
    text,
    why: format.explain === true ? why : undefined,
  })}\n`;
}

function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Number(value.toFixed(4));
}
