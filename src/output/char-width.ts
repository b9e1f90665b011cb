/** How many columns of a terminal a character takes: 0, 1 or 2, as wcwidth tells for most of them. */

/** Combining marks and what only shapes its neighbours. */
const none = /^[\p{Mn}\p{Me}\p{Cf}\u{1f3fb}-\u{1f3ff}]$/u;
/** East Asian Wide and Fullwidth (Unicode TR 11), and pictures. Half-width forms are narrow. */
const wide =
  /^(?:[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation})$/u;

/** @param char - one code point that is no control character */
export function charWidth(char: string): 0 | 1 | 2 {
  if (char < '\u0300') return 1;
  if (none.test(char)) return 0;
  return wide.test(char) ? 2 : 1;
}

/** Of a text without control characters. */
export function textWidth(text: string): number {
  let width = 0;
  for (const char of text) width += charWidth(char);
  return width;
}
