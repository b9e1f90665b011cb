/** The steps of the ranking, each computed with the project's own modules over one system's shapes. */
import { EmbedPool } from '../../dist/embed/pool.js';
import { embeddedModelFolder } from '../../dist/embed/manifest.js';
import { loadModel } from '../../dist/embed/model.js';
import { CosineRanking } from '../../dist/rank/cosine.js';
import { DocumentFrequencies } from '../../dist/rank/document-frequencies.js';
import { LateInteraction, phraseTokens } from '../../dist/rank/late-interaction.js';
import { MeaningRanking } from '../../dist/rank/meaning.js';
import { TokenStore } from '../../dist/ring/token-store.js';
import { VectorRing } from '../../dist/ring/vector-ring.js';
import { Masker } from '../../dist/shape/masker.js';

export const stepNames = [
  'cosine',
  'cosine of prompts',
  'coverage',
  '+ cosine of prompts',
  '+ trouble',
  'meaning (a chance)',
];

/** @returns for each step and query the scores of all shapes, and what the parts cost */
export async function scoreSteps(system) {
  const shapes = shapesOf(system.lines);
  const store = await embedShapes(shapes);
  const { ring, tokens, pool } = store;
  const frequencies = new DocumentFrequencies();
  const meaning = new MeaningRanking(ring, tokens);
  for (const { row, key } of shapes) {
    frequencies.add(tokens.ids(row));
    meaning.enter(row, key);
  }
  const interaction = new LateInteraction(tokens, frequencies);
  const cosine = new CosineRanking(ring);
  const costs = {};
  const timed = (name, work) => {
    const start = performance.now();
    const values = shapes.map(({ row }) => work(row));
    const cost = (costs[name] ??= { ms: 0, shapes: 0 });
    cost.ms += performance.now() - start;
    cost.shapes += shapes.length;
    return values;
  };
  const scored = Object.fromEntries(stepNames.map((name) => [name, []]));
  for (const { query } of system.queries) {
    const embeddings = await pool.embedPhrases(meaning.textsOf(query));
    const plain = cosine.open(query, embeddings);
    const ranked = meaning.open(query, embeddings);
    const prompted = cosine.openVector(query, ranked.vector);
    const phrase = phraseTokens(embeddings[0]);
    const nearest = timed('cosine', (row) => plain.raw(row));
    const whole = timed('cosine of prompts', (row) => prompted.raw(row));
    const coverage = timed('coverage', (row) => interaction.coverage(phrase, row));
    const raw = timed('meaning, all of it', (row) => ranked.raw(row));
    const best = Math.max(...raw);
    const values = {
      cosine: nearest,
      'cosine of prompts': whole,
      coverage,
      '+ cosine of prompts': coverage.map((mean, i) => mean + 0.4 * whole[i]),
      '+ trouble': raw,
      'meaning (a chance)': raw.map((one) => ranked.score(one, best)),
    };
    for (const name of stepNames) {
      scored[name].push(shapes.map(({ line }, i) => ({ line, score: values[name][i] })));
    }
  }
  await pool.stop();
  return { scored, costs };
}

/** Each shape once, in the order in which they came first, with its newest line. */
export function shapesOf(lines) {
  const masker = new Masker({ exact: false });
  const byKey = new Map();
  for (const [index, text] of lines.entries()) {
    const key = masker.key(text);
    if (key === undefined) continue;
    const shape = byKey.get(key) ?? { key, row: byKey.size, line: 0 };
    shape.line = index + 1;
    byKey.set(key, shape);
  }
  return [...byKey.values()];
}

export async function embedShapes(shapes, workersMax = 2) {
  let left = shapes.length;
  let finished;
  const allDone = new Promise((resolve) => (finished = resolve));
  const pool = new EmbedPool({
    model: loadModel(embeddedModelFolder),
    workersMax,
    onShapes: (jobs) => {
      left -= jobs.length;
      if (left === 0) finished();
    },
    onFatal: (error) => {
      throw error;
    },
    onHang: (message) => {
      throw new Error(message);
    },
  });
  const { dimensions, tokenDimensions } = await pool.ready();
  const rowCount = shapes.length;
  const ring = VectorRing.create({ rowCount, dimensions });
  const tokens = TokenStore.create({ rowCount, tokenDimensions });
  pool.attach(ring.handle, tokens.handle);
  for (const { row, key } of shapes) {
    pool.embedShape({ row, text: key, failures: 0, state: 'queued' });
  }
  await allDone;
  return { ring, tokens, pool };
}
