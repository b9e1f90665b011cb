import type { AnswerLine } from '../../control/fifo/asker.ts';
import type { Operation } from '../../control/request.ts';
import { escapeControls } from '../../output/escape.ts';
import { formatMatch } from '../../output/match-format.ts';
import type { MatchFormat, PrintedMatch } from '../../output/printed-match.ts';
import { formatRule, isFirstBelow } from '../../output/rule-line.ts';
import { Writer } from '../../output/writer.ts';
import { complain } from '../complain.ts';
import type { AskOptions } from './options.ts';
import type { FleetProblem } from './fleet.ts';
import { askInstance, withoutId } from './instance.ts';
import { timeOf } from '../filter-options.ts';
import { hintAtPhrases } from '../hints.ts';
import { wantedFor } from '../../output/wanted.ts';
import { matchFormat } from '../output-format.ts';
import type { NamedPhrase } from '../phrases.ts';

type ScoredMatch = PrintedMatch & { readonly score: number };

/** What is said to one phrase, by an instance or by a fleet. */
interface PhraseAnswer {
  readonly matches: readonly ScoredMatch[];
  /** How many of them answer. */
  readonly answers: number;
  readonly minScore: number;
  /** The score of the nearest; undefined where there is none. */
  readonly best: number | undefined;
}

interface Answered {
  readonly answers: readonly PhraseAnswer[];
  /** Of a fleet; 1 of an instance. */
  readonly hostCount: number;
  readonly problem: FleetProblem | undefined;
}

const failure = 2;

export async function runAsk(
  phrases: readonly NamedPhrase[],
  options: AskOptions,
): Promise<number> {
  hintAtPhrases(phrases.map(({ phrase }) => phrase));
  const { top, minScore, all } = options;
  const since = await timeOf(options.since, '--since');
  const from = since === undefined ? undefined : new Date(since).toISOString();
  const wanted = { top, minScore, all, since: from, ...wantedFor(matchFormat(options)) };
  const operations = phrases.map(({ asked: { phrase, like, unlike } }): Operation => ({
    op: 'query',
    phrase,
    like: like.length > 0 ? like : undefined,
    unlike: unlike.length > 0 ? unlike : undefined,
    ...wanted,
  }));
  const answered = await (options.fleet === true ? askFleet : askOne)(options, operations);
  const { answers, problem } = answered;
  const isLeft = options.quiet !== true && (await print(phrases, answered, options));
  const isAnswered = answers.some((answer) => answer.answers > 0);
  if (problem !== undefined) {
    if (!problem.isTolerated || process.stderr.isTTY) complain(problem.message);
    if (!problem.isTolerated && !(options.quiet === true && isAnswered)) return failure;
  }
  return isLeft || isAnswered ? 0 : 1;
}

async function askOne(options: AskOptions, operations: readonly Operation[]): Promise<Answered> {
  const asked = await askInstance(options, operations);
  const answers = asked.map(({ lines, done }) => ({
    matches: lines.map(matchOf),
    answers: Number(done['answers']),
    minScore: Number(done['minScore']),
    best: typeof done['best'] === 'number' ? done['best'] : undefined,
  }));
  return { answers, hostCount: 1, problem: undefined };
}

/** The client of the bus is loaded here, and for nobody else. */
async function askFleet(options: AskOptions, operations: readonly Operation[]): Promise<Answered> {
  const { questionFleet } = await import('./fleet.ts');
  const { answers, ...rest } = await questionFleet(options, operations, options);
  const ranked = answers.map(({ matches, ...answer }) => ({
    ...answer,
    matches: matches.map((match, index) => ({ ...match, rank: index + 1 })),
  }));
  return { answers: ranked, ...rest };
}

/** @returns whether the reader has left, who then has what it wanted */
async function print(
  phrases: readonly NamedPhrase[],
  { answers, hostCount }: Answered,
  options: AskOptions,
): Promise<boolean> {
  const { maxCount = Infinity, sort } = options;
  const ofFleet = options.fleet === true;
  const plain = matchFormat(options);
  const format = { ...plain, hosts: ofFleet && (plain.terminal || hostCount > 1) };
  const withHeadings = format.terminal && !format.json && phrases.length > 1;
  const writer = new Writer(process.stdout, () => undefined);
  let printed = 0;
  for (const [index, answer] of answers.entries()) {
    const { phrase, label } = phrases[index] ?? { phrase: '', label: undefined };
    const { minScore } = answer;
    if (withHeadings && answer.matches.length > 0) writer.write(`${escapeControls(phrase)}:\n`);
    const matches = answer.matches.map((match) => ({ ...match, label, minScore }));
    if (sort === 'time') matches.sort(ofFleet ? byTime : byLine);
    for (const [at, match] of matches.entries()) {
      if (printed === maxCount || writer.readerLeft) break;
      printed += 1;
      if (sort === 'score') writer.write(ruleBefore(matches, at, minScore, format));
      writer.write(formatMatch(match, format));
      await writer.room();
    }
  }
  await writer.flushed();
  if (printed === 0 && process.stderr.isTTY) tellNearest(answers);
  return writer.readerLeft;
}

function byLine(one: ScoredMatch, other: ScoredMatch): number {
  return one.line - other.line;
}

/** Lines of several hosts have no numbers in common. */
function byTime(one: ScoredMatch, other: ScoredMatch): number {
  return one.time - other.time || one.line - other.line;
}

function ruleBefore(
  matches: readonly ScoredMatch[],
  at: number,
  minScore: number,
  format: MatchFormat,
): string {
  const isNeeded = format.terminal && !format.json && isFirstBelow(matches, at, minScore);
  return isNeeded ? formatRule(minScore, format) : '';
}

/** To a person, where nothing answers. */
function tellNearest(answers: readonly PhraseAnswer[]): void {
  const best = Math.max(...answers.map((answer) => answer.best ?? NaN));
  if (Number.isNaN(best)) return;
  const minScore = String(answers[0]?.minScore);
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
