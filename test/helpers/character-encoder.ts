import type { Encoder } from '../../src/embed/model.ts';

/** A tokenizer whose ids are the characters of the text: it can be read back. */
export function characterEncoder(): Encoder {
  const encode = (text: string): number[] =>
    Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  return {
    prefix: [],
    suffix: [],
    encode,
    token: (id) => String.fromCharCode(id),
    wordIds: encode,
  };
}

export function textOf(ids: readonly number[]): string {
  return String.fromCharCode(...ids);
}
