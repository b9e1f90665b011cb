/** Pairs of lines that say the contrary of each other (test/fixtures/opposites), in one window. */
import { readFileSync } from 'node:fs';
import { Engine } from '../../dist/index.js';

const pairs = new URL('../../test/fixtures/opposites/pairs.jsonl', import.meta.url);

/** @returns for each kind of pair and for all: how often the right line is first, and which score one half */
export async function oppositesFigures() {
  const all = readFileSync(pairs, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const engine = await Engine.open();
  await engine.ingestBatch(all.flatMap(({ right, contrary }) => [right, contrary]));
  const figures = {};
  for (const { kind, phrase, right, contrary } of all) {
    const found = await engine.search(phrase, 10_000, { all: true });
    const scoreOf = (text) => found.find((match) => match.text === text).score;
    for (const name of [kind, 'all']) {
      const figure = (figures[name] ??= { pairs: 0, first: 0, right: 0, contrary: 0 });
      figure.pairs += 1;
      if (scoreOf(right) > scoreOf(contrary)) figure.first += 1;
      if (scoreOf(right) >= 0.5) figure.right += 1;
      if (scoreOf(contrary) >= 0.5) figure.contrary += 1;
    }
  }
  await engine.close();
  return figures;
}
