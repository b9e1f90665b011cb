/** The project's own modules over the shapes of some lines, in this thread: what benches compare. */
import { Embedder } from '../../dist/embed/embedder.js';
import { embeddedModelFolder } from '../../dist/embed/manifest.js';
import { loadModel } from '../../dist/embed/model.js';
import { phraseEmbedding } from '../../dist/embed/phrase-embedding.js';
import { DocumentFrequencies } from '../../dist/glance/document-frequencies.js';
import { KeyReader } from '../../dist/glance/key-reader.js';
import { Background } from '../../dist/rank/background.js';
import { MeaningRanking } from '../../dist/rank/meaning.js';
import { TokenStore } from '../../dist/ring/token-store.js';
import { VectorRing } from '../../dist/ring/vector-ring.js';
import { Masker, wordless } from '../../dist/shape/masker.js';
import { shapeTokensMax } from '../../dist/shared/limits.js';

/** Shapes that go to the model together; it cuts them into runs. */
const batchShapes = 256;

const masker = new Masker({ exact: false });

const model = await loadModel(embeddedModelFolder);
const encoder = await model.createEncoder();
const embedder = await Embedder.create(model.spec);

/** The word table of the package. */
export const { words } = model;

/**
 * @param {string[]} lines
 * @returns each shape once, in the order in which they came first, with its newest line and what a
 * glance sees of it; row i of the ring and the tokens is its reading
 */
export async function readShapes(lines) {
  const shapes = shapesOf(lines);
  const rowCount = shapes.length;
  const { dimensions, tokenDimensions } = embedder;
  const ring = VectorRing.create({ rowCount, dimensions });
  const tokens = TokenStore.create({ rowCount, tokenDimensions });
  const { length: prefix } = encoder.prefix;
  const { length: suffix } = encoder.suffix;
  for (let first = 0; first < rowCount; first += batchShapes) {
    const batch = shapes.slice(first, first + batchShapes);
    const ids = batch.map(({ key }) => encoder.encode(key, shapeTokensMax));
    await embedder.embed(ids, (text) => {
      const row = first + text.index;
      const own = ids[text.index].slice(prefix, ids[text.index].length - suffix);
      ring.write(row, text.sentences, text.sentenceOffset);
      tokens.write(row, text.tokens, text.tokensOffset + prefix * tokenDimensions, own);
    });
  }
  return { shapes, ring, tokens };
}

/** @param table - a word table, the package's or another */
export function rankingOf({ ring, tokens }, table = words) {
  const { antonyms } = model;
  return new MeaningRanking(
    ring,
    tokens,
    {
      table,
      antonyms,
      pieceOf: (id) => encoder.token(id),
    },
    exampleText,
  );
}

/** What the model reads of a line that is given as an example. */
export function exampleText(line) {
  const key = masker.key(line);
  return key === wordless ? undefined : key;
}

/** @returns for each line the number of its shape; undefined of an empty one */
export function shapeOfLine(shapes, lines) {
  const byKey = new Map(shapes.map(({ key }, index) => [key, index]));
  return lines.map((line) => byKey.get(masker.key(line)));
}

/** The stream after these shapes: what a score depends on beside phrase and shape. */
export function streamOf({ shapes, ring }) {
  const stream = emptyStream(ring);
  for (const shape of shapes) enter(stream, shape, ring);
  return stream;
}

export function emptyStream(ring) {
  return {
    frequencies: new DocumentFrequencies({ pieceOf: (id) => encoder.token(id) }),
    background: new Background(ring.layout.stride),
  };
}

/** A shape comes into the window. */
export function enter({ frequencies, background }, shape, ring) {
  frequencies.add(shape.pieces, 0, shape.count);
  background.see(ring.vectors, shape.row * ring.layout.stride);
}

/** What the model says of a phrase, or of a question (src/rank/asked.ts), as a ranking wants it. */
export async function embedPhrase(phrase, ranking) {
  const ids = ranking.textsOf(phrase).map((text) => encoder.encode(text));
  const vectors = await embedder.embedPhrases(ids);
  return vectors.map((one, i) => phraseEmbedding(encoder, ids[i], one));
}

function shapesOf(lines) {
  const reader = new KeyReader((word) => encoder.wordIds(word));
  const byKey = new Map();
  for (const [index, text] of lines.entries()) {
    const key = masker.key(text);
    if (key === undefined) continue;
    let shape = byKey.get(key);
    if (shape === undefined) {
      reader.read(key);
      const { count, trouble } = reader;
      const pieces = reader.pieces.slice(0, count);
      const row = byKey.size;
      shape = { key, row, pieces, start: 0, count, trouble };
      byKey.set(key, shape);
    }
    shape.line = index + 1;
  }
  return [...byKey.values()];
}
