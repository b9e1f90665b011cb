import type { Match } from '../../rank/match.ts';
import { escapeControls } from '../../output/escape.ts';

const shownChars = 160;

/**
 * When nothing was printed for want of a score, one line tells how near the nearest line came: is
 * the threshold too high, or is there nothing?
 * @param best - the best match of each phrase
 */
export function formatNearestMiss(best: readonly Match[], minScore: number): string | undefined {
  const [nearest] = [...best].sort((one, other) => other.score - one.score);
  if (nearest === undefined) return undefined;
  const { score, line, text } = nearest;
  return (
    `imesde: nothing scored ${minScore} or more: ` +
    `the nearest was ${score.toFixed(3)}, line ${line}: ${escapeControls(text.slice(0, shownChars))}\n`
  );
}
