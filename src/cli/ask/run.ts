import type { AnswerLine } from '../../control/fifo/asker.ts';
import { escapeControls } from '../../output/escape.ts';
import { formatMatch, type PrintedMatch } from '../../output/match-format.ts';
import { Writer } from '../../output/writer.ts';
import type { AskOptions } from './command.ts';
import { askInstance, withoutId } from './instance.ts';
import { hintAtPhrases } from '../hints.ts';
import { matchFormat } from '../output-format.ts';

export async function runAsk(phrases: readonly string[], options: AskOptions): Promise<number> {
  hintAtPhrases(phrases);
  const { top, minScore, all } = options;
  const answers = await askInstance(
    options,
    phrases.map((phrase) => ({ op: 'query', phrase, top, minScore, all })),
  );
  const max = options.quiet === true ? 1 : (options.maxCount ?? Infinity);
  const format = matchFormat(options);
  const withHeadings = format.terminal && !format.json && phrases.length > 1;
  const writer = new Writer(process.stdout, () => undefined);
  let printed = 0;
  for (const [index, lines] of answers.entries()) {
    if (withHeadings && lines.length > 0 && options.quiet !== true) {
      writer.write(`${escapeControls(phrases[index] ?? '')}:\n`);
    }
    for (const line of lines) {
      if (printed === max || writer.readerLeft) break;
      printed += 1;
      if (options.quiet !== true) writer.write(formatMatch(matchOf(line), format));
      await writer.room();
    }
  }
  await writer.flushed();
  return printed > 0 ? 0 : 1;
}

/** A match as the instance wrote it. */
function matchOf(line: AnswerLine): PrintedMatch {
  const time = Date.parse(String(line['time']));
  return { ...withoutId(line), time } as unknown as PrintedMatch;
}
