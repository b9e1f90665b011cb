import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { describe, expect, it } from 'vitest';
import { embeddedModelFolder } from '../../src/embed/manifest.ts';
import { Wordpieces } from '../../src/glance/wordpieces.ts';
import { tinyMean } from '../helpers/model-folder.ts';
import { randomWords } from './words.ts';

interface Library {
  encode(text: string, options: object): { ids: number[] };
  id_to_token(id: number): string | undefined;
}
interface TokenizerJson {
  added_tokens: { id: number; content: string }[];
  normalizer: Record<string, unknown> | null;
  pre_tokenizer: Record<string, unknown>;
  post_processor: { type: string; single: object[] };
  model: Record<string, unknown> & { vocab: Record<string, number> };
}

const bytes = readFileSync(path.join(embeddedModelFolder, 'tokenizer.json'));
const json = JSON.parse(bytes.toString()) as TokenizerJson;
const vocabulary = Object.keys(json.model.vocab);
const library = createLibrary(json);

function createLibrary(tokenizer: TokenizerJson): Library {
  return new (Tokenizer as unknown as new (json: object, config: object) => Library)(tokenizer, {});
}

function read(tokenizer: Buffer | string = bytes): Wordpieces {
  const wordpieces = Wordpieces.read(Buffer.from(tokenizer));
  if (wordpieces === undefined) throw new Error('it was taken for another kind');
  return wordpieces;
}

/** Brackets alone, so that there is no special token. */
function libraryIds(word: string, reference = library): number[] {
  const pieces = word.split(/([[\]])/).filter((piece) => piece !== '');
  return pieces.flatMap((piece) => reference.encode(piece, { add_special_tokens: false }).ids);
}

function different(words: Iterable<string>, wordpieces = read(), reference = library): string[] {
  const found: string[] = [];
  for (const word of words) {
    const ids = wordpieces.wordIds(word).join();
    if (ids !== libraryIds(word, reference).join()) found.push(JSON.stringify(word));
  }
  return found;
}

describe('Wordpieces', { timeout: 120_000 }, () => {
  it('gives the ids of the library for every token, at the begin of a word and within one', () => {
    expect(different(vocabulary)).toEqual([]);
    const within = vocabulary.filter((token) => token.startsWith('##'));
    expect(different(within.map((token) => token.slice(2)))).toEqual([]);
    expect(different(vocabulary.map((token) => `un${token.replace(/^##/, '')}`))).toEqual([]);
  });

  it('gives the ids of the library for a hundred thousand words of every kind', () => {
    const pieces = vocabulary.map((token) => token.replace(/^##/, ''));
    const words = [...randomWords(20_240_607, pieces)];
    expect(new Set(words).size).toBeGreaterThan(100_000);
    expect(different(words)).toEqual([]);
  });

  it('gives the ids of the library for every character of ASCII and a few beyond', () => {
    const chars = Array.from({ length: 0x200 }, (_, unit) => String.fromCharCode(unit));
    expect(different(chars.flatMap((char) => [char, `a${char}B`, `${char}${char}`]))).toEqual([]);
  });

  it('gives the same ids from its cache, and after that has overflown', () => {
    const wordpieces = read();
    const words = [
      'connection',
      'unbelievablyhyperconnected',
      'caf\u00e9',
      'x'.repeat(65),
      '[SEP]',
    ];
    const ids = words.map((word) => [...wordpieces.wordIds(word)]);
    expect(words.map((word) => wordpieces.wordIds(word))).toEqual(ids);
    for (let i = 0; i < 70_000; i += 1) wordpieces.wordIds(`w${i}`);
    expect(words.map((word) => wordpieces.wordIds(word))).toEqual(ids);
  });

  it('knows the token of an id, and the special tokens around a text', () => {
    const wordpieces = read();
    const ids = Object.values(json.model.vocab);
    expect(ids.map((id) => wordpieces.token(id))).toEqual(ids.map((id) => library.id_to_token(id)));
    expect([-1, 30_522, 1e9, NaN].map((id) => wordpieces.token(id))).toEqual(['', '', '', '']);
    expect([wordpieces.prefix, wordpieces.suffix]).toEqual([[101], [102]]);
  });

  it.each([
    ['one letter', 'a'.repeat(10_000_000), 1],
    ['one letter with an accent', 'é'.repeat(1_000_000), 1],
    ['marks that change places', `a${'\u0300\u0316'.repeat(100_000)}`, 1],
    ['spacing marks that change places', `a${'\u{1d16d}\u{1d165}'.repeat(100_000)}`, 1],
    ['punctuation', '!'.repeat(1_000_000), 1_000_000],
    ['halves of pairs', '\ud83d'.repeat(1_000_000), 0],
    ['capitals whose small letter hangs on what follows', 'Σ\u00ad'.repeat(500_000), 1],
  ])(
    'takes no more than a while for a word of nothing but %s',
    { timeout: 30_000 },
    (_, word, n) => {
      expect(read().wordIds(word)).toHaveLength(n);
    },
  );
});

const small = JSON.parse(
  readFileSync(path.join(tinyMean, 'tokenizer.json'), 'utf8'),
) as TokenizerJson;

function changed(change: (tokenizer: TokenizerJson) => void): Buffer {
  const tokenizer = structuredClone(small);
  change(tokenizer);
  return Buffer.from(JSON.stringify(tokenizer));
}

describe('Wordpieces.read', () => {
  it('reads a vocabulary however its JSON is written', () => {
    const tokenizer = structuredClone(small);
    const strange = ['"', '\\', '##"', 'é', '##漢', '\u{1f600}', '##\u{1f600}', '/'];
    for (const [i, token] of strange.entries()) tokenizer.model.vocab[token] = 400 + i;
    const reference = createLibrary(tokenizer);
    const faces = [100, 101].map((count) => '😀'.repeat(count));
    const words = [
      ...faces,
      '"',
      '\\"',
      'the"',
      'é',
      'É',
      'a漢',
      '😀😀',
      '/',
      'the😀',
      ...vocabulary,
    ];
    const escaped = JSON.stringify(tokenizer).replaceAll(
      /[^\0-\x7f]|\//g,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    const texts = [JSON.stringify(tokenizer), JSON.stringify(tokenizer, undefined, 2), escaped];
    for (const text of texts) {
      const wordpieces = read(text);
      expect(different(words, wordpieces, reference)).toEqual([]);
      expect(strange.map((_, i) => wordpieces.token(400 + i))).toEqual(strange);
    }
  });

  it('reads a vocabulary in any order, and special tokens from the template alone', () => {
    const reversed = changed((tokenizer) => {
      const entries = Object.entries(tokenizer.model.vocab).reverse();
      tokenizer.model.vocab = Object.fromEntries(entries);
      tokenizer.post_processor.single = [
        { SpecialToken: { id: '[CLS]', type_id: 0 } },
        { SpecialToken: { id: '[MASK]', type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
      ];
    });
    const wordpieces = read(reversed);
    expect(different(vocabulary, wordpieces, createLibrary(small))).toEqual([]);
    expect([wordpieces.prefix, wordpieces.suffix]).toEqual([[2, 4], []]);
  });

  it.each<[string, (tokenizer: TokenizerJson) => void]>([
    ['capitals', ({ normalizer }) => (normalizer!['lowercase'] = false)],
    ['accents', ({ normalizer }) => (normalizer!['strip_accents'] = false)],
    ['control characters', ({ normalizer }) => (normalizer!['clean_text'] = false)],
    ['ideographs in words', ({ normalizer }) => (normalizer!['handle_chinese_chars'] = false)],
    ['another normalizer', ({ normalizer }) => (normalizer!['type'] = 'NFC')],
    ['no normalizer', (tokenizer) => (tokenizer.normalizer = null)],
    ['another pre-tokenizer', (tokenizer) => (tokenizer.pre_tokenizer['type'] = 'Whitespace')],
    ['another model', ({ model }) => (model['type'] = 'BPE')],
    ['another prefix', ({ model }) => (model['continuing_subword_prefix'] = '@@')],
    ['another unknown token', ({ model }) => (model['unk_token'] = 'the')],
    ['longer words', ({ model }) => (model['max_input_chars_per_word'] = 200)],
    ['unknown words joined', ({ model }) => (model['fuse_unk'] = true)],
    ['a list for a vocabulary', ({ model }) => (model['vocab'] = [['the', 1]] as never)],
    ['no vocabulary', ({ model }) => (model.vocab = {})],
    ['a token without an id', ({ model }) => (model.vocab['x'] = null as never)],
    ['an id below zero', ({ model }) => (model.vocab['x'] = -1)],
    ['an id that is no integer', ({ model }) => (model.vocab['x'] = 0.5)],
    ['an id with an exponent', ({ model }) => (model.vocab['x'] = 1e30)],
    ['an id beyond all others', ({ model }) => (model.vocab['x'] = 1_000_000)],
    ['an id of two tokens', ({ model }) => (model.vocab['x'] = 5)],
    ['a special token of plain text', (t) => t.added_tokens.push({ id: 150, content: 'the' })],
    ['a special token that is no token', (t) => t.added_tokens.push({ id: 9, content: '[X]' })],
    ['no special tokens', (t) => (t.added_tokens = [])],
    ['no template', (tokenizer) => (tokenizer.post_processor.type = 'ByteLevel')],
    ['a template without a text', (tokenizer) => tokenizer.post_processor.single.splice(1, 1)],
    ['a second text', (t) => t.post_processor.single.push({ Sequence: { id: 'B', type_id: 1 } })],
    ['a vocabulary elsewhere', (t) => Object.assign(t, { version: { vocab: { the: 1 } } })],
  ])('leaves %s to the library', (_, change) => {
    expect(Wordpieces.read(changed(() => undefined))).toBeDefined();
    expect(Wordpieces.read(changed(change))).toBeUndefined();
  });

  it.each(['', '{}', 'null', '[]', '{"vocab":', '{"vocab":{"BertNormalizer"', '"BertNormalizer"'])(
    'takes %j for no tokenizer',
    (text) => {
      expect(Wordpieces.read(Buffer.from(text))).toBeUndefined();
    },
  );

  it('leaves bytes that are no UTF-8 to the library', () => {
    const damaged = changed(() => undefined);
    damaged[damaged.indexOf('"the"') + 1] = 0xc3;
    expect(Wordpieces.read(damaged)).toBeUndefined();
  });
});
