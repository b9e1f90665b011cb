/** Search quality on labelled prose, where relevance is by line: `DIR/SET.txt`, `DIR/queries.jsonl`. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Engine } from '../../dist/index.js';
import { calibration, dcg, mean, oneThreshold } from './figures.js';

/** @returns for each set its figures, what its watches printed, and the calibration */
export async function proseFigures(folder) {
  const sets = [];
  for (const { name, lines, queries } of readProse(folder)) {
    sets.push({ name, ...(await setFigures(lines, queries)) });
  }
  return sets;
}

/** @returns {{name: string, lines: string[], queries: object[]}[]} */
export function readProse(folder) {
  const queries = readFileSync(path.join(folder, 'queries.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return [...new Set(queries.map(({ system }) => system))].sort().map((name) => ({
    name,
    lines: readFileSync(path.join(folder, `${name}.txt`), 'utf8')
      .replace(/\n$/, '')
      .split('\n'),
    queries: queries.filter(({ system }) => system === name),
  }));
}

async function setFigures(lines, queries) {
  const engine = await Engine.open();
  const minScore = engine.watchMinScore;
  const printed = new Map(queries.map(({ query }) => [query, new Set()]));
  for (const { query } of queries) await engine.addWatch(query);
  engine.onMatch(({ hits, line }) => {
    for (const { watch } of hits) printed.get(watch.phrase).add(line);
  });
  await engine.ingestBatch(lines);
  await engine.drained();
  const pairs = [];
  const ndcg = [];
  let total = 0;
  const watch = { minScore, lines: 0, rightLines: 0, silent: 0, noneFired: 0, none: 0 };
  for (const { query, kind, relevant } of queries) {
    const found = await engine.search(query, 10_000, { all: true });
    const isRight = (line) => String(line) in relevant;
    for (const { line, score } of found) pairs.push({ score, hit: isRight(line) });
    total += Object.keys(relevant).length;
    const hits = [...printed.get(query)];
    watch.lines += hits.length;
    watch.rightLines += hits.filter(isRight).length;
    if (kind === 'none') {
      watch.none += 1;
      if (hits.length > 0) watch.noneFired += 1;
      continue;
    }
    if (hits.length === 0) watch.silent += 1;
    const ideal = Object.values(relevant).sort((a, b) => b - a);
    const gains = found.slice(0, 10).map(({ line }) => relevant[line] ?? 0);
    ndcg.push(dcg(gains) / dcg(ideal.slice(0, 10)));
  }
  await engine.close();
  return {
    ndcg: mean(ndcg),
    ...oneThreshold(pairs, total),
    watch: { ...watch, recall: watch.rightLines / total },
    calibration: calibration(pairs),
  };
}
