/** The steps of the ranking, each computed with the project's own modules over one system's shapes. */
import { DocumentFrequencies } from '../../dist/glance/document-frequencies.js';
import { LookedAt } from '../../dist/glance/glance.js';
import { phraseTokens } from '../../dist/glance/phrase-tokens.js';
import { CosineRanking } from '../../dist/rank/cosine.js';
import { LateInteraction } from '../../dist/rank/late-interaction.js';
import { embedPhrase, rankingOf, readShapes } from './read-shapes.js';

export const stepNames = [
  'cosine',
  'cosine of prompts',
  'coverage',
  '+ cosine of prompts',
  'a glance alone',
  '+ trouble',
  'meaning (a chance)',
];

/** @returns for each step and query the scores of all shapes, and what the parts cost */
export async function scoreSteps(system) {
  const readings = await readShapes(system.lines);
  const { shapes, ring, tokens } = readings;
  const frequencies = new DocumentFrequencies();
  for (const { pieces, count } of shapes) frequencies.add(pieces, 0, count);
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
    const prompted = cosine.openVector(query, ranked.vector);
    const phrase = phraseTokens(embeddings[0]);
    const nearest = timed('cosine', ({ row }) => plain.raw(row));
    const whole = timed('cosine of prompts', ({ row }) => prompted.raw(row));
    const coverage = timed('coverage', ({ row }) => interaction.coverage(phrase, row, frequencies));
    const glance = timed('a glance', ({ pieces, count, trouble }) => {
      looked.look(pieces, 0, count, trouble, frequencies);
      return ranked.glance.score(looked);
    });
    const raw = timed('meaning, all of it', ({ row, trouble }) =>
      ranked.raw(row, trouble, frequencies),
    );
    const best = Math.max(...raw);
    const values = {
      cosine: nearest,
      'cosine of prompts': whole,
      coverage,
      '+ cosine of prompts': coverage.map((mean, i) => mean + 0.4 * whole[i]),
      'a glance alone': glance.map((one) => ranked.score(one, Math.max(...glance))),
      '+ trouble': raw,
      'meaning (a chance)': raw.map((one) => ranked.score(one, best)),
    };
    for (const name of stepNames) {
      scored[name].push(shapes.map(({ line }, i) => ({ line, score: values[name][i] })));
    }
  }
  return { scored, costs };
}
