/** Answer → lines: NDJSON for programs, text for people. Formatted as they are taken. */
import { formatMatch } from '../output/match-format.ts';
import type { MatchFormat } from '../output/printed-match.ts';
import { formatRule, isFirstBelow } from '../output/rule-line.ts';
import { answerBytesMax, partCharsMax } from './limits.ts';
import type { RequestId } from './request.ts';
import type { Answer } from './responder.ts';
import { formatStatus } from './status.ts';

const jsonFormat: MatchFormat = { json: true, scores: true, color: false, terminal: false };
const mergeableFormat: MatchFormat = { ...jsonFormat, mergeable: true };

/** What an answer is told with where it goes to be merged with others'. */
export type Origin = Readonly<Record<'host' | 'model' | 'rank' | 'version', string>>;

/**
 * What was asked for, then one line that says that it was all, or what went wrong.
 * @param origin - where it is to be merged with others'
 */
export function* jsonLines(answer: Answer, id?: RequestId, origin?: Origin): Generator<string> {
  if (answer.kind === 'error') {
    yield line({ id, error: answer.message, ...origin });
    return;
  }
  if (answer.kind === 'status') yield line({ id, ...answer.status });
  if (answer.kind === 'matches') {
    const format = origin === undefined ? jsonFormat : mergeableFormat;
    let chars = 0;
    for (const [index, match] of answer.matches.entries()) {
      const text = formatMatch({ id, ...match, rank: index + 1 }, format);
      chars += text.length;
      if (chars > answerBytesMax) {
        const mebibytes = answerBytesMax / 2 ** 20;
        const error = `the answer is longer than ${mebibytes} MiB: ask for fewer`;
        yield line({ id, error, ...origin });
        return;
      }
      yield text;
    }
  }
  const measured = origin === undefined ? {} : measureOf(answer);
  yield line({ id, done: true, ...summaryOf(answer), line: answer.line, ...measured, ...origin });
}

/** What the last line says of matches. */
function summaryOf(answer: Answer): object {
  if (answer.kind !== 'matches') return {};
  const { matches, answers, minScore, best } = answer;
  return { matches: matches.length, answers, minScore, best: best && Number(best.toFixed(4)) };
}

/** What whoever merges it measures scores by. */
function measureOf(answer: Answer): object {
  if (answer.kind !== 'matches') return {};
  return { bestRaw: answer.bestRaw, prose: answer.prose };
}

/** As `query` and `status` print them. */
export function* textLines(answer: Answer, format: MatchFormat): Generator<string> {
  if (answer.kind === 'status') yield formatStatus(answer.status);
  if (answer.kind !== 'matches') return;
  const { matches, minScore } = answer;
  for (const [index, match] of matches.entries()) {
    if (format.terminal && isFirstBelow(matches, index, minScore))
      yield formatRule(minScore, format);
    yield formatMatch({ ...match, rank: index + 1, minScore }, format);
  }
}

/** Joins lines to parts worth a write, so that whoever writes them can let others run between. */
export function* inParts(lines: Iterable<string>): Generator<string> {
  let part = '';
  for (const text of lines) {
    part += text;
    if (part.length < partCharsMax) continue;
    yield part;
    part = '';
  }
  if (part !== '') yield part;
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
