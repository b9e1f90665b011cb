/**
 * A line as it is read where that is not how it is written. Few lines need it: the masker asks for
 * it once it meets such a character.
 */

const invisible =
  /[\u00ad\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]|\udb40[\udc00-\udfff]/g;
/** Pictures say nothing to the model, and glued to a word they make it unknown. */
const pictures = /[\ud83c-\ud83e][\udc00-\udfff]?/g;
/** Full-width letters and digits, ligatures, mathematical letters. */
const compatible = /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\ufb00-\ufb06]|\ud835[\udc00-\udfff]/g;
const lettersWithAccent = /[^\u0300-\u036f][\u0300-\u036f]+/g;
const loneHalf = /[\ud835\udb40]|[\u0300-\u036f]+/g;
/** Bytes as URLs write them; the first has a digit, or `100%dark` would have one. */
const encodedBytes = /%(?:[0-9][0-9a-f]|[a-f][0-9])(?:%[0-9a-f]{2})*/gi;
/** Encoded twice is read, too: that is how attacks are hidden. */
const decodingsMax = 3;
const loneByte = /[^\p{L}\p{N}%]/gu;

/** @returns the line without what is invisible, letters in their usual form, encoded bytes decoded */
export function cleanLine(line: string): string {
  let text = line
    .replace(invisible, '')
    .replace(pictures, ' ')
    .replace(compatible, (one) => one.normalize('NFKC'))
    .replace(lettersWithAccent, (letter) => letter.normalize('NFC'))
    .replace(loneHalf, '');
  for (let round = 0; round < decodingsMax && text.includes('%'); round += 1) {
    const decoded = text.replace(encodedBytes, decodeBytes);
    if (decoded === text) break;
    text = decoded;
  }
  return text;
}

/** Letters and digits of UTF-8; all others become blanks, so that no rule is led by them. */
function decodeBytes(encoded: string): string {
  const bytes = Buffer.from(encoded.replaceAll('%', ''), 'hex');
  return bytes.toString('utf8').replace(loneByte, ' ');
}
