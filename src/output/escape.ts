/**
 * Lines are hostile: on a terminal an escape sequence in one could move the cursor, change the
 * title or fake a prompt, and a bidi control could show a text in another order than it has.
 * Covers C0 (tab excepted), DEL, C1, line and paragraph separators, and the bidi controls of
 * Unicode TR 9, section 2.
 */
const unsafe = /[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** @returns the text with such characters shown as `\x1b` or `\u202e` */
export function escapeControls(text: string): string {
  return text.replace(unsafe, (char) => {
    const code = char.charCodeAt(0);
    return code < 256
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}
