/**
 * Search quality on labelled logs: every step of the ranking beside the next, watches judged in
 * file order, whether scores are chances, what each step costs; on prose; on pairs of opposites.
 * usage: node bench/quality/quality.js [--data DIR] [--prose DIR] [--opposites] [--json]
 * Without --data: the project's own sample logs.
 */
import { parseArgs } from 'node:util';
import { Engine } from '../../dist/index.js';
import { bestByEvent, calibration, figuresOf } from './figures.js';
import { ownFolders, readSystems, sharedFolders } from './data.js';
import { oppositesFigures } from './opposites.js';
import { proseFigures } from './prose.js';
import { scoreSteps, stepNames } from './steps.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    prose: { type: 'string' },
    opposites: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const systems = readSystems(values.data === undefined ? ownFolders() : sharedFolders(values.data));
const result = { steps: {}, costs: {}, watch: {} };
/** Every (phrase, shape) pair, with its chance. */
const chances = [];

const judged = Object.fromEntries(stepNames.map((name) => [name, []]));
for (const system of systems) {
  const { scored, costs } = await scoreSteps(system);
  for (const name of stepNames) {
    for (const [index, query] of system.queries.entries()) {
      const shapes = scored[name][index].sort((a, b) => b.score - a.score || b.line - a.line);
      if (name === stepNames.at(-1)) {
        for (const { line, score } of shapes) {
          chances.push({ score, hit: (query.relevant[system.events[line - 1]] ?? 0) > 0 });
        }
      }
      const best = bestByEvent(
        shapes.map(({ line, score }) => ({ event: system.events[line - 1], score })),
      );
      judged[name].push({ ...query, best });
    }
  }
  for (const [name, cost] of Object.entries(costs)) {
    const sum = (result.costs[name] ??= { ms: 0, shapes: 0 });
    sum.ms += cost.ms;
    sum.shapes += cost.shapes;
  }
}
for (const name of stepNames) result.steps[name] = figuresOf(judged[name]);

for (const rank of ['cosine', 'meaning']) result.watch[rank] = await watchFigures(systems, rank);
result.calibration = calibration(chances);
if (values.prose !== undefined) result.prose = await proseFigures(values.prose);
if (values.opposites) result.opposites = await oppositesFigures();

print();

/** Every phrase is watched while the lines go by in file order; a line's score is that moment's. */
async function watchFigures(allSystems, rank) {
  const watched = [];
  const printed = {
    lines: 0,
    rightLines: 0,
    shapes: 0,
    rightShapes: 0,
    noneShapes: 0,
    nonePairs: 0,
  };
  for (const { lines, events, queries } of allSystems) {
    const engine = await Engine.open({ rank });
    const minScore = engine.watchMinScore;
    const byPhrase = new Map(queries.map(({ query }) => [query, []]));
    for (const { query } of queries) await engine.addWatch(query, -2);
    engine.onMatch(({ hits, line, text }) => {
      for (const { watch, score } of hits) byPhrase.get(watch.phrase).push({ line, score, text });
    });
    await engine.ingestBatch(lines);
    await engine.drained();
    const { shapes } = engine.stats();
    await engine.close();
    for (const query of queries) {
      const scored = byPhrase.get(query.query).map(({ line, score }) => ({
        event: events[line - 1],
        score,
      }));
      const hits = scored.filter(({ score }) => score >= minScore);
      const fired = new Set(hits.map(({ event }) => event));
      const right = ({ event }) => (query.relevant[event] ?? 0) > 0;
      printed.lines += hits.length;
      printed.rightLines += hits.filter(right).length;
      printed.shapes += fired.size;
      printed.rightShapes += [...fired].filter((event) => right({ event })).length;
      if (query.kind === 'none') {
        printed.noneShapes += fired.size;
        printed.nonePairs += shapes;
      }
      watched.push({ ...query, best: bestByEvent(scored.sort((a, b) => b.score - a.score)) });
    }
    printed.minScore = minScore;
  }
  return { ...figuresOf(watched), ...printed };
}

function print() {
  const row = (name, f) =>
    `${name.padEnd(26)} ${['ndcg', 'paraphrase', 'lexical', 'event_ap', 'best_f1', 'recall_at_p50']
      .map((key) => f[key].toFixed(3).padStart(10))
      .join('')}`;
  console.log(
    `${''.padEnd(26)} ${['ndcg', 'paraphr.', 'lexical', 'AP', 'best F1', 'recall.5'].map((head) => head.padStart(10)).join('')}`,
  );
  for (const name of stepNames) console.log(row(name, result.steps[name]));
  for (const [rank, f] of Object.entries(result.watch)) {
    console.log(row(`watch ${rank}, file order`, f));
    console.log(
      `  at ${f.minScore}: ${f.rightLines} of ${f.lines} printed lines right ` +
        `(${((100 * f.rightLines) / Math.max(1, f.lines)).toFixed(0)} %), ` +
        `${f.rightShapes} of ${f.shapes} events; phrases with nothing to find: ` +
        `${((1000 * f.noneShapes) / f.nonePairs).toFixed(2)} of 1,000 shapes`,
    );
  }
  for (const [name, { ms, shapes }] of Object.entries(result.costs)) {
    console.log(`${name.padEnd(26)} ${((1000 * ms) / shapes).toFixed(2).padStart(10)} µs a shape`);
  }
  printCalibration('logs', result.calibration);
  for (const set of result.prose ?? []) printProse(set);
  for (const [kind, { pairs, first, right, contrary }] of Object.entries(result.opposites ?? {})) {
    console.log(
      `${kind.padEnd(26)} ${first} of ${pairs} right lines first; at 0.5 and more ${right} right, ${contrary} contrary`,
    );
  }
  if (values.json) console.log(JSON.stringify(result));
}

function printProse({ name, ndcg, event_ap, best_f1, f1_at, recall_at_p50, watch, calibration }) {
  const figures = { ndcg, AP: event_ap, 'best F1': best_f1, 'recall.5': recall_at_p50 };
  const texts = Object.entries(figures).map(([key, value]) => `${key} ${value.toFixed(3)}`);
  console.log(`${name.padEnd(26)} ${texts.join(', ')} (best F1 at ${f1_at.toFixed(2)})`);
  console.log(
    `  watch at ${watch.minScore}: ${watch.rightLines} of ${watch.lines} printed lines right ` +
      `(${((100 * watch.rightLines) / Math.max(1, watch.lines)).toFixed(0)} %), ` +
      `${(100 * watch.recall).toFixed(0)} % of what there is; ${watch.silent} phrases silent, ` +
      `${watch.noneFired} of ${watch.none} phrases with nothing to find fire`,
  );
  printCalibration(name, calibration);
}

function printCalibration(name, bins) {
  const texts = bins.map(
    ({ predicted, found, count }) => `${predicted.toFixed(2)}: ${found.toFixed(2)} (${count})`,
  );
  console.log(`  ${name}, chance: found (pairs)  ${texts.join('  ')}`);
}
