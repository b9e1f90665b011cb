/** Answer → lines: NDJSON for programs, text for people. Formatted as they are taken. */
import { formatMatch, type MatchFormat } from '../output/match-format.ts';
import { formatRule, isFirstBelow } from '../output/rule-line.ts';
import { answerBytesMax, partCharsMax } from './limits.ts';
import type { RequestId } from './request.ts';
import type { Answer } from './responder.ts';
import { formatStatus } from './status.ts';

const jsonFormat: MatchFormat = { json: true, scores: true, color: false, terminal: false };

/** What was asked for, then one line that says that it was all, or what went wrong. */
export function* jsonLines(answer: Answer, id?: RequestId): Generator<string> {
  if (answer.kind === 'error') {
    yield line({ id, error: answer.message });
    return;
  }
  if (answer.kind === 'status') yield line({ id, ...answer.status });
  if (answer.kind === 'matches') {
    let chars = 0;
    for (const [index, match] of answer.matches.entries()) {
      const text = formatMatch({ id, ...match, rank: index + 1 }, jsonFormat);
      chars += text.length;
      if (chars > answerBytesMax) {
        const mebibytes = answerBytesMax / 2 ** 20;
        yield line({ id, error: `the answer is longer than ${mebibytes} MiB: ask for fewer` });
        return;
      }
      yield text;
    }
  }
  yield line({ id, done: true, ...summaryOf(answer), line: answer.line });
}

/** What the last line says of matches. */
function summaryOf(answer: Answer): object {
  if (answer.kind !== 'matches') return {};
  const { matches, answers, minScore, best } = answer;
  return { matches: matches.length, answers, minScore, best: best && Number(best.toFixed(4)) };
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
