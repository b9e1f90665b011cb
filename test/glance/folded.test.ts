import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Embedder } from '../../src/embed/embedder.ts';
import { embeddedModelFolder } from '../../src/embed/manifest.ts';
import { loadModel, type Encoder, type LoadedModel } from '../../src/embed/model.ts';
import { phraseEmbedding } from '../../src/embed/phrase-embedding.ts';
import { DocumentFrequencies } from '../../src/glance/document-frequencies.ts';
import type { FoldedPhrase } from '../../src/glance/glance.ts';
import { KeyReader } from '../../src/glance/key-reader.ts';
import { LookedAt } from '../../src/glance/looked-at.ts';
import { MeaningRanking } from '../../src/rank/meaning.ts';
import type { Asked } from '../../src/rank/asked.ts';
import type { PhraseRanking } from '../../src/rank/ranking.ts';
import { TokenStore } from '../../src/ring/token-store.ts';
import { VectorRing } from '../../src/ring/vector-ring.ts';

const fixtures = new URL('../fixtures/opposites/pairs.jsonl', import.meta.url);
const pairs = readFileSync(fixtures, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { phrase: string; right: string; contrary: string });
const filler =
  'the quick brown fox jumps over a lazy dog while it rains in the old town and '.repeat(3);

/** As keys are, some with what they rarely have: punctuation, capitals, no end, words of many pieces. */
const keys = [
  ...pairs.flatMap(({ right, contrary }) => [right, contrary].map((text) => text.toLowerCase())),
  'Payment: not-confirmed (really)',
  '€rejected the login',
  'login→rejected by it',
  '👍rejected the login',
  'login\u200brejected',
  '❤️rejected the login',
  'İrejected the login',
  `${filler} login rejected`,
  'unconfirmedly unacceptable dis unreachability nonaccepted',
  'links forbade forgotten shrunk',
  'node unhealthy',
  '',
];

describe('a glance at many shapes', () => {
  let model: LoadedModel;
  let encoder: Encoder;
  let open: (asked: string | Asked) => Promise<PhraseRanking>;

  beforeAll(async () => {
    model = await loadModel(embeddedModelFolder);
    encoder = await model.createEncoder();
    const embedder = await Embedder.create(model.spec);
    const { dimensions, tokenDimensions } = embedder;
    const ring = VectorRing.create({ rowCount: 1, dimensions });
    const tokens = TokenStore.create({ rowCount: 1, tokenDimensions });
    const ranking = new MeaningRanking(ring, tokens, {
      table: model.words!,
      antonyms: model.antonyms!,
      pieceOf: (id) => encoder.token(id),
    });
    open = async (asked) => {
      const ids = ranking.textsOf(asked).map((text) => encoder.encode(text));
      const vectors = await embedder.embedPhrases(ids);
      const embeddings = vectors.map((one, i) => phraseEmbedding(encoder, ids[i]!, one));
      return ranking.open(asked, embeddings);
    };
  }, 30_000);

  it('sees what a glance at each of them sees, contraries and examples too', async () => {
    const { frequencies, shapes } = readKeys();
    const phrases = [
      ...pairs.map(({ phrase }) => phrase),
      'disk full or out of memory',
      'node healthy',
      { phrase: 'node healthy', like: ['node is up and well', 'login accepted'], unlike: [] },
      { phrase: undefined, like: ['unit unhealthy, restarting'], unlike: [] },
    ];
    const looked = new LookedAt();
    for (const phrase of phrases) {
      const glance = (await open(phrase)).glance!;
      const folded = fold(glance.fold(frequencies));
      const means = folded.ways.map(({ mean }) => mean);
      for (const { reader, key } of shapes) {
        const { pieces, count, trouble } = reader;
        looked.look({ pieces, start: 0, count, trouble, key }, frequencies);
        const many = folded.score(pieces, 0, count, trouble, key);
        expect(many, `${JSON.stringify(phrase)}: ${key}`).toBeCloseTo(
          glance.score(looked, means),
          5,
        );
      }
    }
  }, 30_000);

  it('puts what is nearer to what is not meant behind, by as much as it is nearer', async () => {
    const { frequencies, shapes } = readKeys();
    const phrase = 'login accepted';
    const [asked, unlike, both] = [
      await open(phrase),
      await open('disk full'),
      await open({ phrase, like: [], unlike: ['disk full'] }),
    ].map(({ glance }) => fold(glance!.fold(frequencies)));
    let behind = 0;
    for (const { reader, key } of shapes) {
      const { pieces, count, trouble } = reader;
      const [one, other, marked] = [asked!, unlike!, both!].map((folded) =>
        folded.score(pieces, 0, count, trouble, key),
      );
      expect(marked, key).toBeCloseTo(one! - Math.max(0, other! - one!), 5);
      if (other! > one!) behind += 1;
    }
    expect(behind).toBeGreaterThan(2);
    expect(behind).toBeLessThan(shapes.length);
  }, 30_000);

  function readKeys(): { frequencies: DocumentFrequencies; shapes: ReadKey[] } {
    const frequencies = new DocumentFrequencies({ pieceOf: (id) => encoder.token(id) });
    const shapes = keys.map((key) => {
      const reader = new KeyReader((word) => encoder.wordIds(word));
      reader.read(key);
      frequencies.add(reader.pieces, 0, reader.count);
      return { reader, key };
    });
    return { frequencies, shapes };
  }
});

interface ReadKey {
  readonly reader: KeyReader;
  readonly key: string;
}

function fold(folding: Generator<undefined, FoldedPhrase>): FoldedPhrase {
  for (;;) {
    const step = folding.next();
    if (step.done === true) return step.value;
  }
}
