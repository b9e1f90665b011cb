/**
 * How what is asked for goes together with examples of it (--like), and what is not meant (--unlike),
 * on the scale of T; measured in bench/quality. Glance and reading both go by it.
 */

/** An example counts so much, against a phrase: two lines of one log are alike anyway. */
const exampleShare = 0.7;
/** Beside a phrase it adds so much of what it lies above or below what such lines have anyway. */
const exampleWeight = 0.4;
const exampleUsual = 0.4;

/** A long text has more in common with any line than a phrase has. */
const allowanceToken = 0.04;
const allowanceTokensFirst = 3;
const allowanceMax = 0.4;

/**
 * @param phrase - T of the phrase, -Infinity where there is none
 * @param example - the best T of the examples, -Infinity where there is none
 */
export function together(phrase: number, example: number): number {
  const alone = exampleShare * example;
  if (example === -Infinity || phrase === -Infinity) return Math.max(phrase, alone);
  return Math.max(alone, phrase + exampleWeight * (example - exampleUsual));
}

/**
 * What is taken from T of a text that is not meant before it is compared with what is asked for.
 * @param tokens - of the text
 */
export function unlikeAllowance(tokens: number): number {
  return Math.min(allowanceMax, allowanceToken * Math.max(0, tokens - allowanceTokensFirst));
}
