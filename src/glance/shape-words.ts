/** The words of a shape's key, as texts are compared by them: in small letters, without punctuation. */
const plainKey = /^[a-z ]*$/;
/** Marks and signs without width part no words: the tokenizer takes them out. */
const anyWord = /[\p{L}\p{N}][\p{L}\p{N}\p{M}\p{Cf}]*/gu;

/** Words of a key. Most are in small letters and one space apart already. */
export function shapeWords(key: string): readonly string[] {
  return plainKey.test(key) ? key.split(' ') : (key.toLowerCase().match(anyWord) ?? []);
}
