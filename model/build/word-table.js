/**
 * Makes word-table.i4: for every wordpiece the vector that the model gives it on average, in 4 bits.
 * usage: node model/build/word-table.js MODEL CORPORA < {"code": ["a sentence", ...], ...}
 * Needs the build (npm run build), for the texts go the way of lines: its masker, its tokenizer, its
 * session. Prints what was read, as JSON.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { Embedder } from '../../dist/embed/embedder.js';
import { specOfManifest } from '../../dist/embed/manifest.js';
import { TextEncoder } from '../../dist/embed/tokenizer.js';
import { Masker } from '../../dist/shape/masker.js';
import { shapeTokensMax } from '../../dist/shared/limits.js';

/** What a sum of unit vectors counts; each kind of corpus that is not named here counts 1. */
const codeWeight = 3;
const aloneWeight = 2;

/** Codes lie within ±7; they are stored as 1 to 15. */
const codeMax = 7;
const codeShift = 8;
/** Shares of a row's largest number that the largest code may stand for: the best is taken. */
const ranges = Array.from({ length: 10 }, (_, i) => 0.55 + (0.45 * i) / 9);

const [folder] = process.argv.slice(2);
const spec = readSpec(folder);
const tokenizerJson = readFileSync(path.join(folder, 'tokenizer.json'));
const pieces = Object.keys(JSON.parse(tokenizerJson.toString()).model.vocab).length;
const encoder = await TextEncoder.create(tokenizerJson, '{}', spec.maxTokens);
const embedder = await Embedder.create(spec);
const dimensions = embedder.tokenDimensions;

const sums = new Float64Array(pieces * dimensions);
const seen = new Uint8Array(pieces);
const corpora = {};
for (const [kind, texts] of Object.entries(JSON.parse(await text(process.stdin)))) {
  const { prefix, suffix } = encoder;
  const ids = shapesOf(texts).map((key) => encoder.encode(key, shapeTokensMax));
  const tokens = await addUp(ids, kind === 'code' ? codeWeight : 1);
  corpora[kind] = { sentences: ids.length, tokens };
}
const piecesSeen = seen.reduce((sum, one) => sum + one);
const alone = Array.from({ length: pieces }, (_, id) => [...encoder.prefix, id, ...encoder.suffix]);
await addUp(alone, aloneWeight);

const table = new Uint8Array((pieces * dimensions) / 2);
for (let id = 0; id < pieces; id += 1) {
  const codes = quantise(sums.subarray(id * dimensions, (id + 1) * dimensions));
  const start = (id * dimensions) / 2;
  for (let i = 0; i < dimensions; i += 2) {
    table[start + i / 2] = codes[i] + codeShift + 16 * (codes[i + 1] + codeShift);
  }
}
writeFileSync(path.join(folder, 'word-table.i4'), table);
console.log(JSON.stringify({ rows: pieces, dimensions, bits: 4, corpora, piecesSeen }));

function readSpec(model) {
  const manifest = JSON.parse(readFileSync(path.join(model, 'manifest.json'), 'utf8'));
  return specOfManifest(manifest, path.resolve(model, 'model.onnx'));
}

/** What the model would read if these were the lines of a stream: each shape once. */
function shapesOf(texts) {
  const masker = new Masker({ exact: false });
  const keys = texts.map((line) => masker.key(line)).filter((key) => key !== undefined);
  return [...new Set(keys)];
}

/** Adds each token's unit vector to its wordpiece's sum. @returns how many they were */
async function addUp(ids, weight) {
  let tokens = 0;
  const { prefix, suffix } = encoder;
  await embedder.embed(ids, (vectors) => {
    const own = ids[vectors.index];
    for (let at = prefix.length; at < own.length - suffix.length; at += 1) {
      const from = vectors.tokensOffset + at * dimensions;
      add(vectors.tokens.subarray(from, from + dimensions), own[at] * dimensions, weight);
      seen[own[at]] = 1;
      tokens += 1;
    }
  });
  return tokens;
}

function add(vector, start, weight) {
  for (let i = 0; i < dimensions; i += 1) sums[start + i] += weight * vector[i];
}

/** The codes whose multiple is nearest to the vector, by squared error; its length is lost. */
function quantise(sum) {
  const length = Math.hypot(...sum);
  const unit = sum.map((value) => value / length);
  const largest = Math.max(...unit.map(Math.abs));
  let best = { error: Infinity, codes: [] };
  for (const range of ranges) {
    const step = (range * largest) / codeMax;
    const codes = Array.from(unit, (value) =>
      Math.max(-codeMax, Math.min(codeMax, Math.round(value / step))),
    );
    const error = unit.reduce((total, value, i) => total + (value - codes[i] * step) ** 2, 0);
    if (error < best.error) best = { error, codes };
  }
  return best.codes;
}
