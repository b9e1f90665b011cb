import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as library from '@huggingface/tokenizers';
import { describe, expect, it } from 'vitest';
import { embeddedModelFolder } from '../../src/embed/manifest.ts';
import { bertWords } from '../../src/glance/bert-words.ts';
import { markedWords, randomWords } from './words.ts';

interface Json {
  readonly normalizer: object;
  readonly model: { readonly vocab: Readonly<Record<string, number>> };
}
const json = JSON.parse(
  readFileSync(path.join(embeddedModelFolder, 'tokenizer.json'), 'utf8'),
) as Json;

const { BertNormalizer, BertPreTokenizer } = library as unknown as {
  BertNormalizer: new (config: object) => { normalize: (text: string) => string };
  BertPreTokenizer: new () => { pre_tokenize_text: (text: string) => string[] };
};
const normalizer = new BertNormalizer(json.normalizer);
const preTokenizer = new BertPreTokenizer();

/** A longer word is unknown, whatever is in it. */
function isKnowable(word: string): boolean {
  return Array.from(word).length <= 100;
}

function told(words: readonly string[]): string {
  return JSON.stringify(words.map((word) => (isKnowable(word) ? word : 'too long')));
}

function different(texts: Iterable<string>): string[] {
  const found: string[] = [];
  for (const text of texts) {
    const expected = told(preTokenizer.pre_tokenize_text(normalizer.normalize(text)));
    const actual = told(Array.from(bertWords(text), ([word]) => word));
    if (actual !== expected) found.push(`${JSON.stringify(text)} → ${actual}, not ${expected}`);
  }
  return found;
}

describe('bertWords', { timeout: 120_000 }, () => {
  it('gives the words of the library for every code unit, and each seventh character beyond', () => {
    const chars = Array.from({ length: 0x1_0000 }, (_, unit) => String.fromCharCode(unit));
    for (let code = 0x1_0000; code < 0x11_0000; code += code < 0x4_0000 ? 7 : 997) {
      chars.push(String.fromCodePoint(code));
    }
    expect(different(chars.map((char) => `a${char}B`))).toEqual([]);
  });

  it('gives the words of the library for text of every kind', () => {
    const words = [...randomWords(7, Object.keys(json.model.vocab))];
    expect(different(words.filter((_, i) => i % 4 === 0))).toEqual([]);
    const lines = Array.from({ length: 2_000 }, (_, i) => words.slice(i * 8, i * 8 + 8).join(' '));
    expect(different(lines)).toEqual([]);
  });

  it('gives the words of the library for letters with many marks, in its order', () => {
    expect(different(markedWords(1))).toEqual([]);
  });
});
