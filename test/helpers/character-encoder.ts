import type { Encoder } from '../../src/embed/model.ts';

/** A tokenizer whose ids are the characters of the text: it can be read back. */
export function characterEncoder(): Encoder {
  return {
    prefix: [],
    suffix: [],
    encode: (text) => Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)),
    token: (id) => String.fromCharCode(id),
  };
}

export function textOf(ids: readonly number[]): string {
  return String.fromCharCode(...ids);
}
