/**
 * How well word tables foretell the full ranking, beside each other.
 * usage: node bench/glance/compare-tables.js --data DIR [--json] [TABLE...]
 * DIR is laid out as ../shared/quality; without a table: the project's own.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DocumentFrequencies } from '../../dist/rank/document-frequencies.js';
import { MeaningRanking } from '../../dist/rank/meaning.js';
import { troubleOfShape } from '../../dist/rank/trouble.js';
import { embedShapes, shapesOf } from '../quality/steps.js';
import { readStreams } from './data.js';
import { Glance, WordTable } from './score.js';

const topCount = 10;
const cuts = [30, 100, 200];
/** A watch reads a shape whose glance is so near to what its threshold needs. */
const margin = 0.25;

const own = fileURLToPath(new URL('../../model/word-table.i4', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string' }, json: { type: 'boolean', default: false } },
});
if (values.data === undefined) {
  console.error('compare-tables.js: --data is missing: a folder laid out as ../shared/quality');
  process.exit(2);
}
const files = positionals.length > 0 ? positionals : [own];
const tables = files.map((file) => new WordTable(file));

const results = [];
for (const stream of readStreams(values.data)) {
  const window = await readAll(stream);
  const queries = fullQueries(window);
  const watches = fullWatches(window);
  for (const [index, table] of tables.entries()) {
    const glances = window.phrases.map(({ phrase, own }) => new Glance(table, phrase, own));
    results.push({
      stream: stream.name,
      shapes: window.shapes.length,
      phrases: window.phrases.length,
      table: files[index],
      ...queryFigures(window, glances, queries),
      ...watchFigures(window, glances, watches),
    });
  }
}
print();

/** Everything that needs the model: after this, all is arithmetic. */
async function readAll({ lines, phrases }) {
  const shapes = shapesOf(lines);
  const { ring, tokens, pool } = await embedShapes(shapes, 1);
  const ranking = () => new MeaningRanking(ring, tokens);
  const opened = [];
  for (const phrase of phrases) {
    const embeddings = await pool.embedPhrases(ranking().textsOf(phrase));
    opened.push({ phrase, own: embeddings[0], embeddings });
  }
  await pool.stop();
  const known = shapes.map(({ key, row, line }) => ({
    key,
    row,
    line,
    ids: tokens.ids(row),
    trouble: troubleOfShape(key),
  }));
  return { shapes: known, phrases: opened, ranking };
}

/** @returns for each phrase T of every shape, all of them being in the window */
function fullQueries({ shapes, phrases, ranking }) {
  const meaning = ranking();
  for (const { row, key } of shapes) meaning.enter(row, key);
  return phrases.map(({ phrase, embeddings }) => {
    const opened = meaning.open(phrase, embeddings);
    return shapes.map(({ row }) => opened.raw(row));
  });
}

function queryFigures({ shapes }, glances, queries) {
  const frequencies = new DocumentFrequencies();
  for (const { ids } of shapes) frequencies.add(ids);
  const all = [];
  const found = cuts.map(() => 0);
  for (const [index, glance] of glances.entries()) {
    const full = queries[index];
    const scores = shapes.map(({ ids, trouble }) => glance.score(ids, trouble, frequencies));
    for (const score of scores) all.push(score);
    const top = orderBy(full, shapes).slice(0, topCount);
    const order = orderBy(scores, shapes);
    for (const [i, cut] of cuts.entries()) {
      const first = new Set(order.slice(0, cut));
      found[i] += top.filter((shape) => first.has(shape)).length / top.length / glances.length;
    }
  }
  const r = correlation(all, queries.flat());
  return { r, found: Object.fromEntries(cuts.map((cut, i) => [cut, found[i]])) };
}

/** Best first; of equal ones the newer. */
function orderBy(scores, shapes) {
  return [...shapes.keys()].sort(
    (a, b) => scores[b] - scores[a] || shapes[b].line - shapes[a].line,
  );
}

/** @returns for each shape, in order of appearance, T of each phrase and whether it is printed */
function fullWatches({ shapes, phrases, ranking }) {
  const meaning = ranking();
  const opened = phrases.map(({ phrase, embeddings }) => meaning.open(phrase, embeddings));
  return shapes.map(({ row, key }) => {
    meaning.enter(row, key);
    return opened.map((watch) => {
      const raw = watch.raw(row);
      watch.observe(raw);
      return { raw, isPrinted: watch.score(raw) >= meaning.watchMinScore };
    });
  });
}

/** The same with a glance first: only what comes near is read. */
function watchFigures({ shapes, phrases, ranking }, glances, watches) {
  const meaning = ranking();
  const opened = phrases.map(({ phrase, embeddings }) => meaning.open(phrase, embeddings));
  const frequencies = new DocumentFrequencies();
  const counts = { pairs: 0, sent: 0, printed: 0, lost: 0, extra: 0 };
  for (const [at, { ids, trouble }] of shapes.entries()) {
    frequencies.add(ids);
    for (const [index, watch] of opened.entries()) {
      const { raw, isPrinted } = watches[at][index];
      const glance = glances[index].score(ids, trouble, frequencies);
      const isSent = watch.score(glance + margin) >= meaning.watchMinScore;
      watch.observe(isSent ? raw : glance);
      const isPrintedNow = isSent && watch.score(raw) >= meaning.watchMinScore;
      counts.pairs += 1;
      counts.sent += isSent ? 1 : 0;
      counts.printed += isPrinted ? 1 : 0;
      counts.lost += isPrinted && !isPrintedNow ? 1 : 0;
      counts.extra += isPrintedNow && !isPrinted ? 1 : 0;
    }
  }
  return counts;
}

function print() {
  const percent = (share) => `${(100 * share).toFixed(2)} %`;
  const heads = ['r', ...cuts.map((cut) => `in ${cut}`), 'sent', 'lost', 'more'];
  console.log(`${''.padEnd(44)}${heads.map((head) => head.padStart(13)).join('')}`);
  for (const result of results) {
    const { stream, shapes, phrases, table, r, found, pairs, sent, printed, lost, extra } = result;
    const cells = [
      r.toFixed(4),
      ...cuts.map((cut) => found[cut].toFixed(4)),
      percent(sent / pairs),
      `${lost} of ${printed}`,
      String(extra),
    ];
    const name = `${stream}, ${shapes} shapes, ${phrases} phrases`;
    console.log(`${name.padEnd(44)}${cells.map((cell) => cell.padStart(13)).join('')}  ${table}`);
  }
  if (values.json) console.log(JSON.stringify(results));
}

/** Pearson's. */
function correlation(xs, ys) {
  const [x, y] = [mean(xs), mean(ys)];
  const covariance = mean(xs.map((value, i) => (value - x) * (ys[i] - y)));
  const variances = [
    mean(xs.map((value) => (value - x) ** 2)),
    mean(ys.map((value) => (value - y) ** 2)),
  ];
  return covariance / Math.sqrt(variances[0] * variances[1]);
}

function mean(numbers) {
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}
