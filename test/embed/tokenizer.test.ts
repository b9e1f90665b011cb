import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { embeddedModelFolder } from '../../src/embed/manifest.ts';
import { TextEncoder } from '../../src/embed/tokenizer.ts';

const cls = 101;
const sep = 102;
const logs = new URL('../fixtures/logs/', import.meta.url);
const json = readFileSync(path.join(embeddedModelFolder, 'tokenizer.json'));

interface Library {
  encode(text: string): { ids: number[] };
  id_to_token(id: number): string | undefined;
}
const createLibrary = Tokenizer as unknown as new (json: object, config: object) => Library;
let library: Library;
let encoder: TextEncoder;
beforeAll(async () => {
  library = new createLibrary(JSON.parse(json.toString()) as object, {});
  encoder = await TextEncoder.create(json, '{}', 1_000_000);
});

/** Texts for which the encoder gives other ids than the library's plain encoding. */
function different(
  texts: readonly string[],
  [own, reference]: [TextEncoder, Library] = [encoder, library],
): string[] {
  return texts.filter((text) => own.encode(text).join() !== reference.encode(text).ids.join());
}

describe('TextEncoder', () => {
  it('gives the ids of the plain encoding for every line of the sample logs', () => {
    const lines = readdirSync(logs)
      .filter((name) => name !== 'README.md')
      .flatMap((name) => readFileSync(new URL(name, logs), 'utf8').split('\n'));
    expect(lines.length).toBeGreaterThan(1_000);
    expect(different(lines)).toEqual([]);
    expect(different(lines)).toEqual([]); // Once more, now from the cache.
  });

  it('gives the ids of the plain encoding for random text of every kind', () => {
    // What BERT's own notions of white space, control and punctuation trip over.
    const pieces = [
      ...'abcXYZ019.,:;-_/\\()<>{}"\'#@!?%&*+=~^|$`'.split(''),
      ...[' ', ' ', ' ', '\t', '\v', '\f', '\r', '\0', '\x1b', '\x7f', '\x85', '\xa0', '\u2003'],
      ...['\ufeff', '\u200b', '\u200d', '\u202e', '\u2028', '\u3000', '\ufffd', '\ue000'],
      ...[
        'é',
        'e\u0301',
        '\u0301',
        'ß',
        'İ',
        'ı',
        'ﬁ',
        'Å',
        '日',
        '本語',
        '한국',
        '\u05d0',
        '\u0e01\u0e34',
      ],
      ...[
        '\u{1f600}',
        '\u{20000}',
        '\u{1d400}',
        '\ud800',
        '\udc00',
        '¿',
        '—',
        '…',
        '·',
        '€',
        '\u00ad',
      ],
      ...['##ing', 'CLS', 'connection', 'failed', 'x'.repeat(120), '[', ']', '[]'],
    ];
    let state = 20_240_607;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (state >>> 8) % below;
    };
    const texts = Array.from({ length: 3_000 }, () =>
      Array.from({ length: 1 + random(24) }, () => pieces[random(pieces.length)]).join(''),
    );
    expect(different(texts)).toEqual([]);
  });

  it.each(['[SEP]', '[CLS] [PAD]', 'a[MASK]b', '[UNK]', '[[SEP]]'])(
    'takes %s in a line for text, never for a special token',
    (text) => {
      const ids = encoder.encode(text);
      expect(ids[0]).toBe(cls);
      expect(ids.at(-1)).toBe(sep);
      expect(ids.slice(1, -1)).toEqual(
        library.encode(text.replaceAll(/[[\]]/g, ' $& ')).ids.slice(1, -1),
      );
      for (const special of [0, 100, cls, sep, 103]) {
        expect(ids.slice(1, -1)).not.toContain(special);
      }
    },
  );

  it('knows the special tokens around every text', () => {
    expect(encoder.prefix).toEqual([cls]);
    expect(encoder.suffix).toEqual([sep]);
    expect(encoder.encode('')).toEqual([cls, sep]);
    expect(encoder.encode(' \t ')).toEqual([cls, sep]);
  });

  it('truncates to the longest input and keeps the closing [SEP]', async () => {
    const short = await TextEncoder.create(json, '{}', 8);
    const text = 'one two three four five six seven eight nine';
    expect(short.encode(text)).toEqual([...encoder.encode(text).slice(0, 7), sep]);
    expect(short.encode('one two three four five six')).toEqual(
      encoder.encode('one two three four five six'),
    );
    expect(short.encode('unbelievablyhyperconnectednesses')).toHaveLength(8);
  });

  it('gives the same ids after its cache of words has overflown', () => {
    const before = encoder.encode('connection refused by peer');
    for (let i = 0; i < 70_000; i += 1) encoder.encode(`w${i}`);
    expect(encoder.encode('connection refused by peer')).toEqual(before);
  });

  it.each([
    ['a cased BERT', 'tokenizer.json', { normalizer: { lowercase: false } }],
    ['a tokenizer without a normalizer', 'tokenizer.json', { normalizer: null }],
    ['a tokenizer of another template', 'tokenizer.json', { post_processor: null }],
    ['accents taken off early', 'tokenizer_config.json', { do_lowercase_and_remove_accent: true }],
    ['space taken off early', 'tokenizer_config.json', { remove_space: true }],
  ])('gives the ids and tokens of the library for %s', async (_, file, change) => {
    const tokenizer = JSON.parse(json.toString()) as Record<string, object>;
    const config = file === 'tokenizer_config.json' ? change : {};
    if (file === 'tokenizer.json') {
      for (const [key, value] of Object.entries(change as Record<string, object | null>)) {
        tokenizer[key] = (value && { ...tokenizer[key], ...value }) as object;
      }
    }
    const reference = new createLibrary(tokenizer, config);
    const bytes = Buffer.from(JSON.stringify(tokenizer));
    const own = await TextEncoder.create(bytes, JSON.stringify(config), 1_000_000);
    const texts = ['', 'Disk full', 'ÜBER Café', 'the the', 'a\u200bb c\u0903d x\ufeffy', '日本'];
    expect(different(texts, [own, reference])).toEqual([]);
    expect(different(texts, [own, reference])).toEqual([]);
    expect(own.token(7668)).toBe(reference.id_to_token(7668));
    expect(own.token(1e9)).toBe('');
  });

  it('does not load the library for the embedded model', async () => {
    vi.doMock('../../src/embed/library-tokenizer.ts', () => {
      throw new Error('the library was loaded');
    });
    await expect(TextEncoder.create(json, '{}', 8)).resolves.toBeDefined();
    await expect(TextEncoder.create(json, '{"remove_space":true}', 8)).rejects.toThrow(/can't/);
    vi.doUnmock('../../src/embed/library-tokenizer.ts');
  });

  it.each(['{}', '{"model":{"type":"Nonsense"}}', 'null', 'no json', '{"vocab":{"a":1}}'])(
    'says so when the tokenizer is none: %s',
    async (text) => {
      await expect(TextEncoder.create(Buffer.from(text), '{}', 8)).rejects.toMatchObject({
        code: 'ERR_IMESDE_MODEL',
        message: expect.stringMatching(/^tokenizer\.json can't be used/) as string,
      });
    },
  );
});
