/** What each UTF-16 code unit is to the masker. Whatever is `digit` or above belongs to a word. */
export const blank = 0;
/** Punctuation and symbols: between words. */
export const mark = 1;
/** A mark that something may begin with: an escape sequence, JSON, what must be decoded. */
export const special = 2;
export const digit = 3;
export const lower = 4;
export const upper = 5;

/** Where scripts have two cases, from … to: Latin to Armenian, Georgian, Cherokee, and so on. */
const casedRanges = [
  [0x41, 0x5a],
  [0xc0, 0x58f],
  [0x10a0, 0x10ff],
  [0x13a0, 0x13f5],
  [0x1e00, 0x1fff],
  [0x2c00, 0x2d2f],
  [0xa640, 0xa7ff],
] as const;

/** The first of ten decimal digits: Arabic, Persian, the scripts of India, Thai, Lao, Tibetan … */
const digitZeros = [
  0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50,
  0xed0, 0xf20, 0x1040, 0x17e0, 0x1810,
];

/** Marks from … to. */
const markRanges = [
  [0x21, 0x2f],
  [0x3a, 0x40],
  [0x5b, 0x60],
  [0x7b, 0xa9],
  [0xab, 0xb4],
  [0xb6, 0xb9],
  [0xbb, 0xbf],
  [0xd7, 0xd7],
  [0xf7, 0xf7],
  [0x2000, 0x2bff], // General punctuation to miscellaneous symbols and arrows.
  [0x3001, 0x3004], // CJK symbols and punctuation.
  [0x3008, 0x3020],
  [0xff01, 0xff0f],
  [0xff1a, 0xff20],
  [0xff3b, 0xff40],
  [0xff5b, 0xff65],
] as const;

/**
 * Written otherwise than read, from … to; clean-line.ts says how they are read: accents on their
 * own, what is invisible, ligatures, and full-width letters and digits.
 */
const foldedRanges = [
  [0xad, 0xad],
  [0x300, 0x36f],
  [0x61c, 0x61c],
  [0x180b, 0x180e],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0xfb00, 0xfb06],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xff10, 0xff19],
  [0xff21, 0xff3a],
  [0xff41, 0xff5a],
  [0xd835, 0xd835], // The first half of mathematical letters,
  [0xd83c, 0xd83e], // of pictures,
  [0xdb40, 0xdb40], // and of tags.
] as const;

/** ESC, CR, and what ESC, bytes and JSON are written with: # % \ ^ { and the sign for ESC. */
const beginners = [0x1b, 0x0d, 0x23, 0x25, 0x5c, 0x5e, 0x7b, 0x9b, 0x241b];

/** Capitals as small letters; other code units as they are. */
export const smallLetters = new Uint16Array(65_536);

/**
 * By code unit. Beyond ASCII everything that is not plainly something else counts as a small
 * letter: scripts without capitals, and letters that only come in pairs of code units.
 */
export const characterKinds = ((): Uint8Array => {
  const kinds = new Uint8Array(65_536).fill(lower);
  for (let code = 0; code < smallLetters.length; code += 1) smallLetters[code] = code;
  for (const [first, last] of casedRanges) {
    for (let code = first; code <= last; code += 1) {
      const small = String.fromCharCode(code).toLowerCase();
      if (small.length !== 1 || small.charCodeAt(0) === code) continue;
      kinds[code] = upper;
      smallLetters[code] = small.charCodeAt(0);
    }
  }
  for (const zero of digitZeros) kinds.fill(digit, zero, zero + 10);
  kinds.fill(blank, 0x00, 0x21);
  for (const [first, last] of markRanges) kinds.fill(mark, first, last + 1);
  for (const [first, last] of foldedRanges) kinds.fill(special, first, last + 1);
  for (const code of beginners) kinds[code] = special;
  for (const code of [0x7f, 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000])
    kinds[code] = blank;
  kinds.fill(blank, 0x80, 0x9b);
  kinds.fill(blank, 0x9c, 0xa1);
  kinds.fill(blank, 0x2000, 0x200b);
  return kinds;
})();
