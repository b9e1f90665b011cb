/** What each UTF-16 code unit is to the masker. */
export const blank = 0;
/** Punctuation and symbols: between words. */
export const mark = 1;
export const digit = 2;
export const lower = 3;
export const upper = 4;

/**
 * By code unit. Beyond ASCII everything that is not plainly space, punctuation, arrows or drawing
 * counts as a small letter: the model's tokenizer knows its case and accents.
 */
export const characterKinds = ((): Uint8Array => {
  const kinds = new Uint8Array(65_536).fill(lower);
  const fill = (kind: number, first: number, last: number): void => {
    kinds.fill(kind, first, last + 1);
  };
  fill(blank, 0x00, 0x20);
  fill(mark, 0x21, 0x2f);
  fill(digit, 0x30, 0x39);
  fill(mark, 0x3a, 0x40);
  fill(upper, 0x41, 0x5a);
  fill(mark, 0x5b, 0x60);
  fill(mark, 0x7b, 0xbf);
  fill(blank, 0x80, 0xa0);
  fill(mark, 0x2000, 0x2bff); // General punctuation to miscellaneous symbols and arrows.
  fill(mark, 0x3000, 0x303f); // CJK symbols and punctuation.
  fill(mark, 0xff00, 0xff0f); // Fullwidth punctuation, and U+FEFF below.
  fill(mark, 0xfeff, 0xfeff);
  return kinds;
})();
