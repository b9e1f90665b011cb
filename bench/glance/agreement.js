/**
 * How well glances foretell the full ranking, by word table, and what a search by the engine finds of
 * it; labels are not looked at.
 * usage: node bench/glance/agreement.js --data DIR [--json] [TABLE...]
 * DIR is laid out as ../shared/quality; without a table: the project's own.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { LookedAt } from '../../dist/glance/looked-at.js';
import { WordTable } from '../../dist/glance/word-table.js';
import { Engine } from '../../dist/index.js';
import { GlanceMeans } from '../../dist/rank/glance-means.js';
import { Watch } from '../../dist/rank/watches.js';
import { topMax } from '../../dist/shared/limits.js';
import {
  embedPhrase,
  emptyStream,
  enter,
  rankingOf,
  readShapes,
  streamOf,
  words,
} from '../quality/read-shapes.js';
import { readStreams } from './data.js';

const topCount = 10;
const cuts = [30, 100, 200];
/** A fixed margin for comparison with the one that each watch learns. */
const fixedMargin = 0.25;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string' }, json: { type: 'boolean', default: false } },
});
if (values.data === undefined) {
  console.error('agreement.js: --data is missing: a folder laid out as ../shared/quality');
  process.exit(2);
}
const tables = [
  { name: 'own', table: words },
  ...positionals.map((file) => ({
    name: file,
    table: new WordTable(readFileSync(file), words.dimensions),
  })),
];

const results = [];
for (const { name, lines, phrases } of readStreams(values.data)) {
  const readings = await readShapes(lines);
  const embedded = [];
  for (const phrase of phrases) {
    embedded.push({ phrase, embeddings: await embedPhrase(phrase, rankingOf(readings)) });
  }
  for (const { name: tableName, table } of tables) {
    const ranking = rankingOf(readings, table);
    const opened = embedded.map(({ phrase, embeddings }) => ranking.open(phrase, embeddings));
    results.push({
      stream: name,
      shapes: readings.shapes.length,
      phrases: phrases.length,
      table: tableName,
      ...questionFigures(readings, opened),
      ...(table === words ? { searched: await searchFigure(lines, phrases) } : {}),
      learned: watchFigures(readings, opened, ranking, (watch) => watch.promising),
      fixed: watchFigures(readings, opened, ranking, (watch) => watch.needed - fixedMargin),
    });
  }
}
print();

/** All shapes in the window. */
function questionFigures(readings, opened) {
  const { shapes } = readings;
  const stream = streamOf(readings);
  const looked = new LookedAt();
  const all = { glances: [], raws: [] };
  const found = cuts.map(() => 0);
  for (const phrase of opened) {
    const means = meansOf(phrase, shapes, stream);
    const glances = shapes.map((shape) => {
      looked.look(shape, stream.frequencies);
      return phrase.glance.score(looked, means);
    });
    const raws = shapes.map((shape) => phrase.raw(shape.row, shape, stream));
    for (const value of glances) all.glances.push(value);
    for (const value of raws) all.raws.push(value);
    const top = orderBy(raws, shapes).slice(0, topCount);
    const order = orderBy(glances, shapes);
    for (const [i, cut] of cuts.entries()) {
      const first = new Set(order.slice(0, cut));
      found[i] += top.filter((shape) => first.has(shape)).length / top.length / opened.length;
    }
  }
  const r = correlation(all.glances, all.raws);
  return { r, found: Object.fromEntries(cuts.map((cut, i) => [cut, found[i]])) };
}

/** What all shapes have in common with a phrase. */
function meansOf(phrase, shapes, { frequencies }) {
  const looked = new LookedAt();
  const means = new GlanceMeans(phrase.glance);
  for (const shape of shapes) {
    looked.look(shape, frequencies);
    phrase.glance.score(looked, means.values);
    means.learn();
  }
  return means.values;
}

/**
 * The engine as it is: what a search for ten shares with the first ten of a search for so many that
 * every shape is read.
 */
async function searchFigure(lines, phrases) {
  const engine = await Engine.open();
  await engine.ingestBatch(lines);
  let found = 0;
  for (const phrase of phrases) {
    const few = new Set((await engine.search(phrase, topCount)).map(({ line }) => line));
    const top = (await engine.search(phrase, topMax)).slice(0, topCount);
    found += top.filter(({ line }) => few.has(line)).length / top.length / phrases.length;
  }
  await engine.close();
  return found;
}

/** Best first; of equal ones the newer. */
function orderBy(scores, shapes) {
  return [...shapes.keys()].sort(
    (a, b) => scores[b] - scores[a] || shapes[b].line - shapes[a].line,
  );
}

/**
 * Shapes in order of first appearance, each judged by a watch that reads all and by one that glances.
 * @param least - the glance from which on a watch looks at the reading
 */
function watchFigures({ shapes, ring }, opened, ranking, least) {
  const stream = emptyStream(ring);
  const looked = new LookedAt();
  const watches = opened.map((phrase) => ({
    full: new Watch(phrase, ranking.watchMinScore, stream.frequencies),
    glancing: new Watch(phrase, ranking.watchMinScore, stream.frequencies),
  }));
  const counts = { pairs: 0, sent: 0, printed: 0, lost: 0, extra: 0 };
  for (const shape of shapes) {
    const { row } = shape;
    enter(stream, shape, ring);
    looked.look(shape, stream.frequencies);
    for (const { full, glancing } of watches) {
      const raw = full.ranking.raw(row, shape, stream);
      full.noteReading(row, raw);
      glancing.glanceAt(row, looked);
      const isSent = glancing.rawOf(row) >= least(glancing);
      if (isSent) glancing.noteReading(row, raw);
      const isPrinted = full.judge(row, '') !== undefined;
      const isPrintedNow = glancing.judge(row, '') !== undefined;
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
  const ofWatch = ['sent', 'lost', 'more'];
  const heads = ['r', ...cuts.map((cut) => `in ${cut}`), 'searched', ...ofWatch, ...ofWatch];
  const row = (name, cells) =>
    console.log(`${name.padEnd(38)}${cells.map((cell) => cell.padStart(11)).join('')}`);
  row('', ['', '', '', '', '', 'learned', 'margin', '', `fixed ${fixedMargin}`, '', '']);
  row('', heads);
  for (const { stream, shapes, phrases, table, r, found, searched, learned, fixed } of results) {
    const watch = ({ sent, pairs, lost, printed, extra }) => [
      percent(sent / pairs),
      `${lost} of ${printed}`,
      String(extra),
    ];
    row(`${stream}, ${shapes} shapes, ${phrases} phrases`, [
      r.toFixed(4),
      ...cuts.map((cut) => found[cut].toFixed(4)),
      searched?.toFixed(4) ?? '–',
      ...watch(learned),
      ...watch(fixed),
      `  ${table}`,
    ]);
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
