/** What glance and reading share of how well a text holds the tokens of a phrase. */

/** From this similarity on a token is met: the very same word says no more than one that means it. */
export const metSimilarity = 0.7;
/** What a contradicted token counts. */
const contradictedSimilarity = -0.3;

/** In a glance the line as a whole counts so much beside its words: as the cosine in T. */
export const wholeWeight = 1.4;

/** What a token of the phrase counts in a text, by its best similarity there. */
export function tokenFound(best: number, isContradicted: boolean): number {
  if (isContradicted) return contradictedSimilarity;
  return best < metSimilarity ? best : metSimilarity;
}
