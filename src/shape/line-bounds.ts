/** What of a line is looked at. */
export const lineCharsMax = 16_384;
/** Zeros behind it, as far as a look ahead may read. */
export const zerosBehind = 64;
/** Further words are only looked through for the message. */
export const wordsReadMax = 64;
