/** The steps of the ranking, each computed with the project's own modules over one system's shapes. */
import { LookedAt } from '../../dist/glance/looked-at.js';
import { phraseTokens } from '../../dist/glance/phrase-tokens.js';
import { along, cosineBeyond } from '../../dist/rank/background.js';
import { CosineRanking } from '../../dist/rank/cosine.js';
import { LateInteraction } from '../../dist/rank/late-interaction.js';
import { GlanceMeans } from '../../dist/rank/glance-means.js';
import { embedPhrase, rankingOf, readShapes, streamOf } from './read-shapes.js';

export const stepNames = [
  'cosine',
  'cosine beyond the mean',
  'coverage',
  '+ cosine beyond the mean',
  'a glance alone',
  '+ trouble, contradiction',
  'meaning (a chance)',
];

/** @returns for each step and query the scores of all shapes, and what the parts cost */
export async function scoreSteps(system) {
  const readings = await readShapes(system.lines);
  const { shapes, ring, tokens } = readings;
  const stream = streamOf(readings);
  const { frequencies, background } = stream;
  const { proseDegree } = frequencies;
  const { stride } = ring.layout;
  const meaning = rankingOf(readings);
  const interaction = new LateInteraction(tokens);
  const cosine = new CosineRanking(ring);
  const looked = new LookedAt();
  const costs = {};
  const timed = (name, work) => {
    const start = performance.now();
    const values = shapes.map(work);
    const cost = (costs[name] ??= { ms: 0, shapes: 0 });
    cost.ms += performance.now() - start;
    cost.shapes += shapes.length;
    return values;
  };
  const scored = Object.fromEntries(stepNames.map((name) => [name, []]));
  for (const { query } of system.queries) {
    const embeddings = await embedPhrase(query, meaning);
    const plain = cosine.open(query, embeddings);
    const ranked = meaning.open(query, embeddings);
    const phrase = phraseTokens(embeddings[0]);
    const nearest = timed('cosine', ({ row }) => plain.raw(row));
    const alongPhrase = along(background, plain.vector, 0);
    const whole = timed('cosine beyond the mean', ({ row }) =>
      cosineBeyond(
        background,
        plain.raw(row),
        alongPhrase,
        along(background, ring.vectors, row * stride),
      ),
    );
    const coverage = timed('coverage', ({ row }) => interaction.coverage(phrase, row, frequencies));
    const means = new GlanceMeans(ranked.glance);
    const glance = timed('a glance', (shape) => {
      looked.look(shape, frequencies);
      const score = ranked.glance.score(looked, means.values);
      means.learn();
      return score;
    });
    const raw = timed('meaning, all of it', (shape) => ranked.raw(shape.row, shape, stream));
    const best = Math.max(...raw);
    const values = {
      cosine: nearest,
      'cosine beyond the mean': whole,
      coverage,
      '+ cosine beyond the mean': coverage.map((mean, i) => mean + 0.6 * whole[i]),
      'a glance alone': glance.map((one) => ranked.score(one, Math.max(...glance), proseDegree)),
      '+ trouble, contradiction': raw,
      'meaning (a chance)': raw.map((one) => ranked.score(one, best, proseDegree)),
    };
    for (const name of stepNames) {
      scored[name].push(shapes.map(({ line }, i) => ({ line, score: values[name][i] })));
    }
  }
  return { scored, costs };
}
