import type { Match } from '../../rank/match.ts';
import { escapeControls } from '../../output/escape.ts';

const shownChars = 160;
const eventsMax = 3;

/**
 * Where nothing answers, a person is told how near the nearest line came and what the log does speak
 * of near the phrase: is the threshold too high, or is there nothing?
 * @param nearest - the nearest events of each phrase
 * @returns lines for stderr; undefined where there is nothing at all
 */
export function formatNearestMiss(
  nearest: readonly Match[],
  minScore: number,
  place: (number: number) => { readonly file?: string | undefined; readonly line: number },
): string | undefined {
  const [best, ...others] = [...nearest].sort((one, other) => other.score - one.score);
  if (best === undefined) return undefined;
  const shown = (text: string): string => escapeControls(text.slice(0, shownChars));
  const { file, line } = place(best.line);
  const where = `${file === undefined ? '' : `${escapeControls(file)} `}line ${line}`;
  const told = new Set([best.line]);
  const near: string[] = [];
  for (const { line: number, count, text } of others) {
    if (near.length === eventsMax || told.has(number)) continue;
    told.add(number);
    near.push(`imesde: near it there is ×${count ?? 1} ${shown(text)}\n`);
  }
  return (
    `imesde: nothing scored ${minScore} or more: ` +
    `the nearest was ${best.score.toFixed(3)}, ${where}: ${shown(best.text)}\n${near.join('')}`
  );
}
