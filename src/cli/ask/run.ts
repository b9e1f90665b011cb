import type { AnswerLine, AskedAnswer } from '../../control/fifo/asker.ts';
import { escapeControls } from '../../output/escape.ts';
import { formatMatch, type MatchFormat, type PrintedMatch } from '../../output/match-format.ts';
import { formatRule, isFirstBelow } from '../../output/rule-line.ts';
import { Writer } from '../../output/writer.ts';
import type { AskOptions } from './command.ts';
import { askInstance, withoutId } from './instance.ts';
import { timeOf } from '../filter-options.ts';
import { hintAtPhrases } from '../hints.ts';
import { wantedFor } from '../../output/wanted.ts';
import { matchFormat } from '../output-format.ts';
import type { NamedPhrase } from '../phrases.ts';

type ScoredMatch = PrintedMatch & { readonly score: number };

export async function runAsk(
  phrases: readonly NamedPhrase[],
  options: AskOptions,
): Promise<number> {
  hintAtPhrases(phrases.map(({ phrase }) => phrase));
  const { top, minScore, all } = options;
  const since = await timeOf(options.since, '--since');
  const from = since === undefined ? undefined : new Date(since).toISOString();
  const wanted = { top, minScore, all, since: from, ...wantedFor(matchFormat(options)) };
  const answers = await askInstance(
    options,
    phrases.map(({ asked: { phrase, like, unlike } }) => ({
      op: 'query',
      phrase,
      like: like.length > 0 ? like : undefined,
      unlike: unlike.length > 0 ? unlike : undefined,
      ...wanted,
    })),
  );
  const isLeft = options.quiet !== true && (await print(phrases, answers, options));
  return isLeft || answers.some(({ done }) => Number(done['answers']) > 0) ? 0 : 1;
}

/** @returns whether the reader has left, who then has what it wanted */
async function print(
  phrases: readonly NamedPhrase[],
  answers: readonly AskedAnswer[],
  options: AskOptions,
): Promise<boolean> {
  const { maxCount = Infinity, sort } = options;
  const format = matchFormat(options);
  const withHeadings = format.terminal && !format.json && phrases.length > 1;
  const writer = new Writer(process.stdout, () => undefined);
  let printed = 0;
  for (const [index, { lines, done }] of answers.entries()) {
    const { phrase, label } = phrases[index] ?? { phrase: '', label: undefined };
    if (withHeadings && lines.length > 0) writer.write(`${escapeControls(phrase)}:\n`);
    const minScore = Number(done['minScore']);
    const matches = lines.map((line) => ({ ...matchOf(line), label, minScore }));
    if (sort === 'time') matches.sort((one, other) => one.line - other.line);
    for (const [at, match] of matches.entries()) {
      if (printed === maxCount || writer.readerLeft) break;
      printed += 1;
      if (sort === 'score') writer.write(ruleBefore(matches, at, done, format));
      writer.write(formatMatch(match, format));
      await writer.room();
    }
  }
  await writer.flushed();
  if (printed === 0 && process.stderr.isTTY) tellNearest(answers);
  return writer.readerLeft;
}

function ruleBefore(
  matches: readonly ScoredMatch[],
  at: number,
  done: AnswerLine,
  format: MatchFormat,
): string {
  const minScore = Number(done['minScore']);
  const isNeeded = format.terminal && !format.json && isFirstBelow(matches, at, minScore);
  return isNeeded ? formatRule(minScore, format) : '';
}

/** To a person, where nothing answers. */
function tellNearest(answers: readonly AskedAnswer[]): void {
  const best = Math.max(...answers.map(({ done }) => Number(done['best'] ?? NaN)));
  if (Number.isNaN(best)) return;
  const minScore = String(answers[0]?.done['minScore']);
  process.stderr.write(
    `imesde: nothing scored ${minScore} or more: the nearest scored ${best.toFixed(3)}, -k 5 shows it\n`,
  );
}

/** A match as the instance wrote it. */
function matchOf(line: AnswerLine): ScoredMatch {
  const ms = (key: string): number => Date.parse(String(line[key]));
  const [first, last] = ['first', 'last'].map((key) =>
    line[key] === undefined ? undefined : ms(key),
  );
  return { ...withoutId(line), first, last, time: ms('time') } as unknown as ScoredMatch;
}
