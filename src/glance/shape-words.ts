/** The words of a shape's key, as texts are compared by them: in small letters, without punctuation. */
const plainKey = /^[a-z ]*$/;
const anyWord = /[\p{L}\p{N}]+/gu;

/** Words of a key. Most are in small letters and one space apart already. */
export function shapeWords(key: string): readonly string[] {
  return plainKey.test(key) ? key.split(' ') : (key.toLowerCase().match(anyWord) ?? []);
}
